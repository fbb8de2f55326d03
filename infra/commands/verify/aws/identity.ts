import type { KubeConfig } from "@kubernetes/client-node";

/** As whom AWS is asked. */
export interface Identity {
  /** Undefined: the ambient credentials. */
  readonly profile: string | undefined;
  /** Role that is assumed with them; undefined: none. */
  readonly roleArn: string | undefined;
}

interface Exec {
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
}

/** As whom a kubeconfig asks AWS for its tokens, so that EC2 is asked as the same: one account for both. */
export function identityOf(config: KubeConfig): Identity {
  const { command = "", args, env } = (config.getCurrentUser()?.exec ?? {}) as Exec;
  if (!/(^|\/)aws$/.test(command)) return { profile: undefined, roleArn: undefined };
  const words = args ?? [];
  const after = (...flags: string[]) => words.find((_, index) => flags.includes(words[index - 1] ?? ""));
  return {
    // As the aws CLI decides between the two.
    profile: after("--profile") ?? env?.find(({ name }) => name === "AWS_PROFILE")?.value,
    // The eks component writes --role, which the aws CLI takes for --role-arn.
    roleArn: after("--role-arn", "--role"),
  };
}
