import { runtime } from "@pulumi/pulumi";

type Mapping = Readonly<Record<string, unknown>>;

/**
 * What a program sent, as plain values: secrets and outputs are read as what they hold. `runtime.unknownValue` stands
 * for what a preview cannot know.
 */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isMapping(value)) return value;
  switch (value[runtime.specialSigKey]) {
    case runtime.specialSecretSig:
      return plain(value["value"]);
    case runtime.specialOutputValueSig:
      return "value" in value ? plain(value["value"]) : runtime.unknownValue;
    case runtime.specialResourceSig:
      return { urn: value["urn"], id: value["id"] };
    default:
      return mapped(value, plain);
  }
}

/** What a program sent, as a provider's answer holds it: secrets stay secrets, outputs lose their dependencies. */
export function answered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(answered);
  if (!isMapping(value)) return value;
  if (value[runtime.specialSigKey] !== runtime.specialOutputValueSig) return mapped(value, answered);
  const held = "value" in value ? answered(value["value"]) : runtime.unknownValue;
  return value["secret"] === true && !isSecret(held) ? secret(held) : held;
}

/** Marks a value as secret, as a program or a provider sends it. */
export function secret(value: unknown): Mapping {
  return { [runtime.specialSigKey]: runtime.specialSecretSig, value };
}

/** Names of those properties that hold a secret, at any depth. */
export function secretNames(properties: Mapping): string[] {
  return Object.keys(properties).filter((name) => holdsSecret(properties[name]));
}

function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!isMapping(value)) return false;
  const isSecretOutput =
    value[runtime.specialSigKey] === runtime.specialOutputValueSig && value["secret"] === true;
  return isSecret(value) || isSecretOutput || Object.values(value).some(holdsSecret);
}

function isSecret(value: unknown): boolean {
  return isMapping(value) && value[runtime.specialSigKey] === runtime.specialSecretSig;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null;
}

function mapped(value: Mapping, change: (inner: unknown) => unknown): Mapping {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
}
