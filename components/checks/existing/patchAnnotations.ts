import { managerPrefix } from "./ownership.ts";

/**
 * Annotations of a patch on what somebody else made: under a field manager of its own, which tells a later run what this
 * program did, and taking the fields over whoever wrote them. What was there before has been found to be what remains
 * when the field is given up (felix.ts, checks.ts).
 *
 * Only one patch of an object may name its field manager: the name is an annotation of the object. With two names a
 * refresh stores the one that is there with both patches, and the deletion of either gives up the same patch's fields
 * (pulumi-kubernetes 4.32 provider/pkg/provider/provider.go, Read and Delete). Every other patch uses `secondPatch`.
 */
export function takeOver(fieldManager: string): Record<string, string> {
  return { "pulumi.com/patchFieldManager": `${managerPrefix}${fieldManager}`, ...secondPatch };
}

/**
 * Annotations of a further patch of the same object. The provider gives it a field manager and keeps that in the state.
 * It must own an annotation of this program, by which a later run knows its fields (ownership.ts).
 */
export const secondPatch = { "pulumi.com/patchForce": "true" } as const;
