import { withEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import { defaultConcurrency } from "../../../infra/commands/verify/arguments.ts";
import { checks } from "../../../infra/commands/verify/checks/index.ts";
import { type VerifyOptions, verifyCluster } from "../../../infra/commands/verify/verify.ts";
import { awsEnvironment } from "../../simulator/existing/ec2Endpoint.ts";
import { RealKubernetes } from "../../simulator/realKubernetes/realKubernetes.ts";
import type { Up } from "../rehearsal.ts";
import { startEc2Of } from "./ec2OfWorld.ts";
import { targetIn } from "./targetIn.ts";

const everyCheckOnce: VerifyOptions = {
  only: checks.map(({ name }) => name),
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

/** Runs on a simulated cluster what `npm run verify` runs on one on AWS. Returns what did not pass, a line each. */
export async function verifyUp({ engine, world }: Up, options: VerifiedOptions): Promise<string[]> {
  const { kubernetes } = world;
  if (!(kubernetes instanceof RealKubernetes)) throw new Error("only a real API server can be verified");
  const target = await targetIn({ engine, kubernetes, ...options });
  const ec2 = await startEc2Of(world, () => ({}));
  try {
    const { pass } = await withEnvironment(awsEnvironment(ec2), () =>
      verifyCluster(everyCheckOnce, target, {
        say: options.say,
        complain: options.say,
        signal: new AbortController().signal,
      }),
    );
    return pass.outcomes
      .filter(({ verdict }) => verdict === "failed" || verdict === "unknown")
      .map(({ name, verdict }) => `verify: ${name} ${verdict === "failed" ? "failed" : "could not be told"}`);
  } finally {
    await ec2.stop();
  }
}
