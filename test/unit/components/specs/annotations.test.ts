import { describe, expect, it } from "vitest";
import {
  dataplaneAnnotation,
  deleteInBackground,
  digest,
  doNotWait,
  gate,
  settingsAnnotation,
} from "../../../../components/specs/annotations.ts";

describe("annotations", () => {
  it("have the names that Pulumi's provider reads, and ours", () => {
    expect({ ...doNotWait, ...deleteInBackground }).toEqual({
      "pulumi.com/skipAwait": "true",
      "pulumi.com/deletionPropagationPolicy": "background",
    });
    expect([dataplaneAnnotation, settingsAnnotation]).toEqual([
      "calico-ebpf-eks/dataplane",
      "calico-ebpf-eks/settings-digest",
    ]);
  });

  it("make a gate of a patch: it waits, for so long, as always the same manager", () => {
    expect(gate("condition=Ready", 600, "ready-gate")).toEqual({
      "pulumi.com/waitFor": "condition=Ready",
      "pulumi.com/timeoutSeconds": "600",
      "pulumi.com/patchFieldManager": "calico-ebpf-eks-ready-gate",
    });
  });
});

describe("digest", () => {
  it("is the same in every run, so that an unchanged program changes nothing", () => {
    expect(digest({})).toBe("44136fa355b3");
    expect(digest({ b: [1, { d: null, c: "x" }], a: true })).toBe("f124912702a4");
  });

  it("does not see the order of keys, at any depth", () => {
    expect(digest({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(digest({ b: [{ d: 3, c: 2 }], a: 1 }));
  });

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: 1 }, { a: "1" }],
    [{ a: null }, {}],
    [{ a: [] }, { a: {} }],
  ])("tells %j from %j", (one, other) => {
    expect(digest(one)).not.toBe(digest(other));
  });
});
