import { wrapped } from "../../../infra/commands/shared/arguments.ts";
import { withEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import { defaultConcurrency } from "../../../infra/commands/verify/arguments.ts";
import type { Check, Need } from "../../../infra/commands/verify/check.ts";
import { checks } from "../../../infra/commands/verify/checks/index.ts";
import { type VerifyOptions, verifyCluster } from "../../../infra/commands/verify/verify.ts";
import { awsEnvironment } from "../../simulator/existing/ec2Endpoint.ts";
import { RealKubernetes } from "../../simulator/realKubernetes/realKubernetes.ts";
import type { Up } from "../rehearsal.ts";
import { startEc2Of } from "./ec2OfWorld.ts";
import { targetIn } from "./targetIn.ts";

/** What a check may do where nodes are fake: no program runs in their pods, and no packets move. */
const needsNoProgram: readonly Need[] = ["read", "aws"];

/** Checks that a rehearsal can run, and those that it cannot. */
export function runnable(hasPackets: boolean): { readonly run: string[]; readonly leftOut: string[] } {
  const runs = ({ needs }: Check) => hasPackets || needs.every((need) => needsNoProgram.includes(need));
  const namesOf = (some: readonly Check[]) => some.map(({ name }) => name);
  return { run: namesOf(checks.filter(runs)), leftOut: namesOf(checks.filter((one) => !runs(one))) };
}

const once: Omit<VerifyOptions, "only"> = {
  concurrency: defaultConcurrency,
  waitMilliseconds: 0,
  count: 1,
  allowUnknown: false,
  imageRegistry: undefined,
  timeoutMilliseconds: undefined,
};

interface VerifiedOptions {
  /** Name of the stack. */
  readonly stack: string;
  /** Folder of the project. */
  readonly root: string;
  readonly say: (line: string) => void;
}

/**
 * Runs on a simulated cluster what `npm run verify` runs on one on AWS; without real packets, the checks that read objects
 * and AWS only, and prints which it left out. Returns what did not pass, a line each.
 */
export async function verifyUp({ engine, world }: Up, options: VerifiedOptions): Promise<string[]> {
  const { kubernetes } = world;
  if (!(kubernetes instanceof RealKubernetes)) throw new Error("only a real API server can be verified");
  const target = await targetIn({ engine, kubernetes, ...options });
  const { run, leftOut } = runnable(kubernetes.lab !== undefined);
  const ec2 = await startEc2Of(world, () => ({}));
  try {
    const { pass } = await withEnvironment(awsEnvironment(ec2), () =>
      verifyCluster({ ...once, only: run }, target, {
        say: options.say,
        complain: options.say,
        signal: new AbortController().signal,
      }),
    );
    if (leftOut.length > 0) options.say(`\n${leftOutText(leftOut)}`);
    return pass.outcomes
      .filter(({ verdict }) => verdict === "failed" || verdict === "unknown")
      .map(
        ({ name, verdict }) => `verify: ${name} ${verdict === "failed" ? "failed" : "could not be checked"}`,
      );
  } finally {
    await ec2.stop();
  }
}

function leftOutText(names: readonly string[]): string {
  const text = `Not run: ${names.length} of ${checks.length} checks, which need programs and packets on the nodes. Add --data-path real to run them: ${names.join(", ")}.`;
  return wrapped(text, "", "  ").join("\n");
}
