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
