import type { Surroundings } from "../shared/arguments.ts";
import { reasonOf } from "../shared/errors.ts";
import { refuseUnwritableFile, writeWhole } from "../shared/outputFile.ts";
import { parseVerify, type VerifyArguments } from "./arguments.ts";
import { checks } from "./checks/index.ts";
import { findTarget } from "./findTarget.ts";
import { checkList, junit, verifyData } from "./reports.ts";
import type { Pass } from "./suite.ts";
import type { Target } from "./target.ts";
import { verifyCluster } from "./verify.ts";

/**
 * `npm run verify`.
 * @returns the exit code: 1 when a check failed, or could not be run
 */
export async function runVerify(argv: readonly string[], around: Surroundings): Promise<number> {
  const { say, complain, ending } = around;
  const given = parseVerify(argv);
  if (given.list) say(checkList(checks).join("\n"));
  if (given.list || given.cluster === undefined) return 0;
  for (const option of ["junit", "json"] as const) {
    const file = given[option];
    if (file !== undefined) refuseUnwritableFile(option, file);
  }
  const target = await findTarget(given.cluster, given.endpoint, say);
  ending.cleansUp({
    words: "Interrupted; removing what the checks created.",
    againWords: "verify: interrupted again. A namespace remains; the next run removes it.",
  });
  try {
    const { pass, isGood } = await verifyCluster(given, target, { say, complain, signal: ending.signal });
    write(given, target, pass, undefined, isGood);
    return isGood ? 0 : 1;
  } catch (error) {
    // Readers of only the files must see this too.
    write(given, target, { outcomes: [], calls: 0 }, reasonOf(error));
    throw error;
  }
}

function write(
  { junit: junitFile, json }: VerifyArguments,
  target: Target,
  { outcomes, calls }: Pass,
  problem: string | undefined,
  passed = false,
): void {
  if (junitFile !== undefined) writeWhole("junit", junitFile, junit(outcomes, target.name, problem));
  if (json === undefined) return;
  const data = verifyData(checks, {
    cluster: target.name,
    passed,
    requests: calls,
    outcomes,
    now: new Date(),
    ...(problem === undefined ? {} : { problem }),
  });
  writeWhole("json", json, `${JSON.stringify(data, undefined, 2)}\n`);
}
