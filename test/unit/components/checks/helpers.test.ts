import { describe, expect, it } from "vitest";
import { felixApiVersion } from "../../../../components/specs/calico.ts";
import {
  blockFromEnd,
  blockFromStart,
  overlaps,
  usableAddresses,
  within,
} from "../../../../components/values/cidr.ts";
import { alternatives, counted, listed } from "../../../../components/values/problem.ts";
import { compareVersions, inRange } from "../../../../components/values/versions.ts";

describe("felixApiVersion", () => {
  it.each([
    ["3.32.4", "crd.projectcalico.org/v1"],
    ["3.33.1", "crd.projectcalico.org/v1"],
  ] as const)("Calico %s stores FelixConfiguration as %s", (calico, version) => {
    expect(felixApiVersion(calico)).toBe(version);
  });
});

describe("blocks of addresses", () => {
  it.each([
    ["10.40.0.0/16", "10.40.255.0/24", true],
    ["10.40.255.0/24", "10.40.0.0/16", true],
    ["10.40.0.0/16", "10.40.0.0/16", true],
    ["10.40.0.0/16", "10.41.0.0/16", false],
    ["0.0.0.0/0", "10.40.0.0/16", true],
    ["10.40.0.1/32", "10.40.0.0/31", true],
    ["10.40.0.2/32", "10.40.0.0/31", false],
  ])("%s and %s overlap: %s", (one, other, expected) => {
    expect(overlaps(one, other)).toBe(expected);
  });

  it("lie within themselves and larger ones", () => {
    expect(within("10.40.0.0/16", "10.40.0.0/16")).toBe(true);
    expect(within("10.40.0.0/17", "10.40.0.0/16")).toBe(true);
    expect(within("10.40.0.0/15", "10.40.0.0/16")).toBe(false);
  });

  it("are counted from both ends", () => {
    expect(blockFromStart("10.40.0.0/16", 20, 0)).toBe("10.40.0.0/20");
    expect(blockFromStart("10.40.0.0/16", 20, 15)).toBe("10.40.240.0/20");
    expect(blockFromEnd("10.40.0.0/16", 28, 0)).toBe("10.40.255.240/28");
    expect(blockFromEnd("10.40.1.0/24", 28, 15)).toBe("10.40.1.0/28");
  });

  it.each([
    [28, 11],
    [24, 251],
    [30, 0],
    [32, 0],
  ])("a subnet of /%i has %i addresses to give", (prefix, usable) => {
    expect(usableAddresses(prefix)).toBe(usable);
  });
});

describe("versions in order", () => {
  it.each([
    ["3.32.4", "3.32.10", -1],
    ["1.36", "1.35", 1],
    ["1.36", "1.36.0", 0],
    ["6.12.53", "6.13.0", -1],
  ])("%s against %s", (one, other, sign) => {
    expect(Math.sign(compareVersions(one, other))).toBe(sign);
  });

  it.each([
    ["6.12.52", false],
    ["6.12.53", true],
    ["6.12.999", true],
    ["6.13.0", false],
  ])("a range holds its start and not its end: %s is %s", (version, expected) => {
    expect(inRange(version, { from: "6.12.53", below: "6.13.0" })).toBe(expected);
  });
});

describe("words", () => {
  it("are joined as in a sentence", () => {
    expect([listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])]).toEqual([
      "",
      "a",
      "a and b",
      "a, b and c",
    ]);
    expect(alternatives(["a", "b", "c"])).toBe("a, b or c");
    expect([counted(1, "node"), counted(0, "node"), counted(2, "node")]).toEqual([
      "1 node",
      "0 nodes",
      "2 nodes",
    ]);
  });
});
