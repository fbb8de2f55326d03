export interface EksChildAdditions {
  readonly tags: Readonly<Record<string, string>>;
  /** ARN of the IAM policy that bounds roles; undefined: none. */
  readonly permissionsBoundary: string | undefined;
}

const roleType = "aws:iam/role:Role";
const accessEntryType = "aws:eks/accessEntry:AccessEntry";

/**
 * Inputs of a child of the eks component with what the component has no argument for: the boundary of its role, the tags
 * of its role and access entries. undefined: the child stays as it is. Source: pulumi-eks 4.3.0, nodejs/eks (2026-07).
 */
export function eksChildProps(
  { type, props }: { readonly type: string; readonly props: Readonly<Record<string, unknown>> },
  { tags, permissionsBoundary }: EksChildAdditions,
): Record<string, unknown> | undefined {
  if (type !== roleType && type !== accessEntryType) return undefined;
  const own = props["tags"];
  return {
    ...props,
    tags: { ...tags, ...(typeof own === "object" ? own : {}) },
    ...(type === roleType && permissionsBoundary !== undefined ? { permissionsBoundary } : {}),
  };
}
