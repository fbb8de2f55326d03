import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import { UNKNOWN, type Value, type Values } from "./provider.ts";

/** Key and marks by which the wire format tells secrets and references to resources from mappings. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

/** Reads what the engine sent. Secrets are read as what they hold. */
export function decode(struct: structPb.Struct | undefined): Values {
  return unpacked((struct?.toJavaScript() ?? {}) as Values) as Values;
}

function unpacked(value: Value): Value {
  if (Array.isArray(value)) return value.map(unpacked);
  if (typeof value !== "object" || value === null) return value;
  if (value[signatureKey] === secretSignature) return unpacked(value["value"] ?? null);
  // A provider that takes no references gets the id, which a preview may not know yet.
  if (value[signatureKey] === resourceSignature) return value["id"] || UNKNOWN;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpacked(inner)]));
}

/** Writes for the engine; what is undefined is left out. */
export function encode(values: object): structPb.Struct {
  return structPb.Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
}

/** A reference to another resource, as a component returns it. */
export function resourceReference(urn: string, id: string, packageVersion: string): Value {
  return { [signatureKey]: resourceSignature, urn, id, packageVersion };
}

/** Whether something in the value is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

/** Compares two values, whatever the order of their keys. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  if (Array.isArray(a) !== Array.isArray(b) || keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameValue(Reflect.get(a, key), Reflect.get(b, key)));
}
