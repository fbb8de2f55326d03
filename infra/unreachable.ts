import { connect } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { problemReport } from "../components/rules/problem.ts";
import type { Previous, Settings } from "../components/rules/settings/settings.ts";

const unreachableVariable = "CALICO_EBPF_EKS_UNREACHABLE";

/** Whether an operator says that the API server does not answer; only `true` counts. For one run, so not in the stack file. */
export function isSaidUnreachable(): boolean {
  // biome-ignore lint/style/noProcessEnv: the one place where the program looks at its environment
  return process.env[unreachableVariable] === "true";
}

/** Target of the one update that opens the API server again. */
const target = '--target "**aws:eks/cluster:Cluster::**"';

const timeoutMilliseconds = 5000;

/**
 * Holds the word of an operator who says that the API server does not answer. Without its chart the operator's objects look
 * removed: an `up` without `--target` would delete them, which fails only as long as nothing answers.
 * @throws pulumi.RunError when something does answer
 */
export async function checkUnreachable(
  { unreachable, stack }: Settings,
  previous: Pick<Previous, "endpoint"> | undefined,
): Promise<void> {
  if (unreachable !== true) return;
  if (previous?.endpoint !== undefined && (await answers(new URL(previous.endpoint)))) {
    const problem = {
      path: unreachableVariable,
      found: `${previous.endpoint} answers`,
      needs: "the operator's chart is left out only where the API server cannot be asked",
      fix: `Run npx pulumi up --stack ${stack} without the variable`,
    };
    throw new pulumi.RunError(problemReport([problem], `the environment of stack ${stack}`));
  }
  pulumi.log.warn(
    `The operator's chart is left out, as ${unreachableVariable} says that the API server does not answer. Update with ${target} only: without a target this run would try to delete the operator.`,
  );
}

function answers({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: port === "" ? 443 : Number(port) });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(timeoutMilliseconds, () => end(false));
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}
