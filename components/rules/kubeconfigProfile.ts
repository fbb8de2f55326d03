/** As much of a kubeconfig as says how its token is fetched. */
interface Kubeconfig {
  readonly users?: readonly {
    readonly name: string;
    readonly user: { readonly exec?: { readonly args?: readonly string[] } };
  }[];
}

/**
 * A kubeconfig in JSON whose token is fetched with a profile of the AWS configuration files. The eks component names the
 * profile to its own Kubernetes provider only, and leaves it out of what it gives out (pulumi-eks 4.3.0
 * nodejs/eks/cluster/cluster.ts, kubeconfigWithoutProfile): without this, our provider would use the ambient credentials.
 * @param profile unset: the kubeconfig stays as it is
 */
export function withProfile(json: string, profile: string | undefined): string {
  if (profile === undefined) return json;
  const kubeconfig = JSON.parse(json) as Kubeconfig;
  const users = (kubeconfig.users ?? []).map((one) => {
    const { exec } = one.user;
    if (exec?.args === undefined || exec.args.includes("--profile")) return one;
    return { ...one, user: { ...one.user, exec: { ...exec, args: [...exec.args, "--profile", profile] } } };
  });
  return JSON.stringify({ ...kubeconfig, users });
}
