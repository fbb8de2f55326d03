import { createHash } from "node:crypto";

function hex(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

/** An id such as `vpc-0f3a…`: the same for the same seed, so that two rehearsals can be compared. */
export function resourceId(prefix: string, seed: string): string {
  return `${prefix}-0${hex(`${prefix} ${seed}`, 16)}`;
}

/** A key's id: a UUID. */
export function uuid(seed: string): string {
  return hex(seed, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** What the provider appends to the names it makes. */
export function nameSuffix(seed: string): string {
  return hex(seed, 7);
}

/** The host part of a cluster's endpoint. */
export function endpointId(seed: string): string {
  return hex(seed, 32).toUpperCase();
}
