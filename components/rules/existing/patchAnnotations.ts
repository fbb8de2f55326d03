import { managerPrefix } from "./ownership.ts";

/**
 * Annotations of a patch on what somebody else made: under a field manager of its own, which tells a later run what this
 * program did, and taking the fields over whoever wrote them. What was there before has been found to be what remains
 * when the field is given up (felix.ts, checks.ts). Several patches of one object name their field managers in the same
 * annotation, each in its turn.
 */
export function takeOver(fieldManager: string): Record<string, string> {
  return {
    "pulumi.com/patchFieldManager": `${managerPrefix}${fieldManager}`,
    "pulumi.com/patchForce": "true",
  };
}
