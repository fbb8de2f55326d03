import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import type { Target } from "../../../infra/commands/verify/target.ts";
import { cli } from "../rehearsed.ts";

/** Puts a stack into a backend whose outputs are those of a cluster. */
export async function savedStack(
  stackName: string,
  { kubeconfig, endpoint, expected }: Target,
  envVars: Record<string, string>,
): Promise<void> {
  if (cli === undefined) throw new Error("skipped");
  const { stack: _stack, ...outputs } = expected ?? {};
  const program = async () => ({
    ...outputs,
    clusterEndpoint: endpoint,
    kubeconfig: pulumi.secret(kubeconfig),
  });
  const stack = await LocalWorkspace.createStack(
    { stackName, projectName: "calico-ebpf-eks", program },
    { pulumiCommand: cli.command, envVars },
  );
  await stack.up();
}
