import { LocalWorkspace, type PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { oneLine } from "../../text.ts";
import { pulumiCli } from "../shared/engine/pulumiCli.ts";
import { UserError } from "../shared/errors.ts";
import { stacksIn } from "../shared/stackFile.ts";
import type { Expected, Target } from "./target.ts";

/** Outputs of a stack, including secrets. */
export type StackOutputs = Readonly<Record<string, unknown>>;

/**
 * The cluster of a stack, from its outputs. The kubeconfig stays in memory.
 * @throws UserError when there is no such stack, or its state cannot be read
 */
export async function stackTarget(stack: string, root: string, say: (line: string) => void): Promise<Target> {
  refuseUnknownStack(stack, root);
  const { command } = await pulumiCli({ say });
  return targetOf(stack, await stackOutputs(stack, root, command), root);
}

/**
 * Makes sure that a stack has a file, before any other work.
 * @param stack its name, or `ORGANIZATION/PROJECT/NAME`
 * @throws UserError of one line
 */
function refuseUnknownStack(stack: string, root: string): void {
  const names = stacksIn(root);
  if (names.includes(stack.split("/").at(-1) ?? "")) return;
  const there = names.length === 0 ? "stacks/ has none" : `there are ${names.join(", ")}`;
  throw new UserError(
    `--stack: no stack file stacks/Pulumi.${stack}.yaml; ${there}. For a cluster without one use --kubeconfig FILE.`,
  );
}

/**
 * Creates a target from a stack's outputs.
 * @throws UserError when they describe no cluster
 */
export function targetOf(stack: string, outputs: StackOutputs, folder: string): Target {
  const { kubeconfig, clusterEndpoint } = outputs;
  if (Object.keys(outputs).length === 0) {
    throw new UserError(`--stack: ${stack} has no outputs. Run npx pulumi up first.`);
  }
  if (kubeconfig === undefined) {
    throw new UserError(
      `--stack: ${stack} has no output kubeconfig, because it adopts an existing cluster. Use --kubeconfig FILE.`,
    );
  }
  return {
    name: `stack ${stack}`,
    kubeconfig: typeof kubeconfig === "string" ? kubeconfig : JSON.stringify(kubeconfig),
    folder,
    ...(typeof clusterEndpoint === "string" ? { endpoint: clusterEndpoint } : {}),
    expected: { ...(withoutSecrets(outputs) as Partial<Expected>), stack },
  };
}

function withoutSecrets({ kubeconfig: _kubeconfig, ...others }: StackOutputs): StackOutputs {
  return others;
}

async function stackOutputs(stack: string, root: string, command: PulumiCommand): Promise<StackOutputs> {
  try {
    const workspace = await LocalWorkspace.create({ workDir: root, pulumiCommand: command });
    const outputs = await workspace.stackOutputs(stack);
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  } catch (error) {
    throw new UserError(`--stack: ${stack}: ${whyNot(error as Error)}`);
  }
}

/** The CLI's message. */
function whyNot({ message }: Error): string {
  const said = message.split("\n").find((line) => /error:/.test(line)) ?? message.split("\n")[0] ?? "";
  const words = oneLine(said.replace(/^.*?error: /, ""));
  if (/no stack named/.test(words)) {
    return `${words}. npx pulumi stack ls lists the stacks of the backend that npx pulumi whoami -v shows.`;
  }
  return `its outputs cannot be read: ${words}`;
}
