import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import { describe, expect, it } from "vitest";
import { UNKNOWN, type Values } from "../../../simulator/protocol/provider.ts";
import {
  decode,
  encode,
  hasUnknown,
  resourceReference,
  sameValue,
} from "../../../simulator/protocol/values.ts";

/** The mark of what is not a plain mapping (pulumi/pulumi sdk/nodejs/runtime/rpc.ts). */
const signature = "4dabf18193072939515e22adb298388d";

function secret(value: Values[string]): Values {
  return { [signature]: "1b47061264138c4ac30d75fd1eb44270", value };
}

function wire(values: Values): structPb.Struct {
  return structPb.Struct.fromJavaScript(values);
}

describe("reading what the engine sent", () => {
  it("gives plain values", () => {
    const values = { text: "a", number: 1.5, yes: true, none: null, list: [1, { a: "b" }], inner: { c: [] } };

    expect(decode(wire(values))).toEqual(values);
  });

  it("takes a secret for what it holds, wherever it is", () => {
    const values = { top: secret("a"), list: [secret("b")], inner: { deep: secret({ c: secret("d") }) } };

    expect(decode(wire(values))).toEqual({ top: "a", list: ["b"], inner: { deep: { c: "d" } } });
  });

  it("leaves what is unknown as it is, in a secret as well", () => {
    expect(decode(wire({ a: UNKNOWN, b: secret(UNKNOWN) }))).toEqual({ a: UNKNOWN, b: UNKNOWN });
  });

  it("takes a resource for its id, which a preview may not know yet", () => {
    const references = {
      known: resourceReference("urn:x", "id", "1.0.0"),
      unknown: resourceReference("urn:x", "", "1.0.0"),
    };

    expect(decode(wire(references))).toEqual({ known: "id", unknown: UNKNOWN });
  });

  it("takes nothing for an empty mapping", () => {
    expect(decode(undefined)).toEqual({});
  });
});

it("writing leaves out what is undefined", () => {
  expect(decode(encode({ a: undefined, b: { c: undefined, d: 1 } }))).toEqual({ b: { d: 1 } });
});

describe("unknown values", () => {
  it.each<[unknown, boolean]>([
    [UNKNOWN, true],
    [[1, { a: UNKNOWN }], true],
    ["something", false],
    [{ a: null, b: [undefined] }, false],
  ])("in %o: %s", (value, unknown) => {
    expect(hasUnknown(value)).toBe(unknown);
  });
});

describe("comparing", () => {
  it.each<[unknown, unknown]>([
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
    [null, null],
    [[], []],
  ])("%o and %o are the same", (a, b) => {
    expect(sameValue(a, b)).toBe(true);
  });

  it.each<[unknown, unknown]>([
    [1, "1"],
    [null, undefined],
    [null, {}],
    [[], {}],
    [{ a: undefined }, { b: undefined }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [
      [1, 2],
      [2, 1],
    ],
  ])("%o and %o are not", (a, b) => {
    expect(sameValue(a, b)).toBe(false);
  });
});
