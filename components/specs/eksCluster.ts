/** Entry of the eks component's `accessEntries`. */
interface AccessEntry {
  readonly principalArn: string;
  readonly accessPolicies: Record<
    string,
    { readonly policyArn: string; readonly accessScope: { readonly type: "cluster" } }
  >;
}

/**
 * Access entries that make each principal a cluster admin. Keys come from the ARN, so that adding one admin leaves
 * the other entries unchanged: `arn:aws:iam::111122223333:role/platform` becomes `111122223333/role/platform`,
 * which no other ARN does.
 */
export function accessEntries(admins: readonly string[], partition: string): Record<string, AccessEntry> {
  const policyArn = `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`;
  return Object.fromEntries(
    admins.map((principalArn) => [
      principalArn.split(":").slice(4).join("/"),
      { principalArn, accessPolicies: { admin: { policyArn, accessScope: { type: "cluster" } } } },
    ]),
  );
}

export interface EksChildAdditions {
  readonly tags: Readonly<Record<string, string>>;
  /** ARN of the IAM policy that bounds roles; undefined: none. */
  readonly permissionsBoundary: string | undefined;
}

const roleType = "aws:iam/role:Role";
const accessEntryType = "aws:eks/accessEntry:AccessEntry";

/**
 * Inputs of a child of the eks component, with what the component has no argument for: the boundary of its role, the tags
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

/** The part of a kubeconfig that decides who asks AWS for a token. */
interface Kubeconfig {
  readonly users?: readonly {
    readonly user?: { readonly exec?: { readonly command?: string; readonly args?: readonly string[] } };
  }[];
}

/**
 * The same kubeconfig, as JSON, with `--profile` for every user that the aws CLI fetches a token for: the eks component
 * leaves the profile out of `kubeconfigJson`, and has it in `kubeconfig` only (pulumi/pulumi-eks#1207). A flag, because
 * credentials in the environment would overrule AWS_PROFILE.
 */
export function withProfile(kubeconfig: string, profile: string | undefined): string {
  if (profile === undefined) return kubeconfig;
  const config = JSON.parse(kubeconfig) as Kubeconfig;
  const users = config.users?.map((one) => {
    const { exec } = one.user ?? {};
    if (exec?.command !== "aws" || exec.args?.includes("--profile") === true) return one;
    return {
      ...one,
      user: { ...one.user, exec: { ...exec, args: [...(exec.args ?? []), "--profile", profile] } },
    };
  });
  return JSON.stringify(users === undefined ? config : { ...config, users });
}
