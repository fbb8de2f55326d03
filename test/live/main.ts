import { inspect } from "node:util";
import { refuseUnwritableFile, writeWhole } from "../commandLine/outputFile.ts";
import { usageText } from "../commandLine/usage.ts";
import { systemProblem } from "../rehearsal/systemErrors.ts";
import { UserError } from "../rehearsal/userError.ts";
import { parseVerify, type VerifyArguments } from "./arguments.ts";
import { checks } from "./checks/index.ts";
import { ClusterError } from "./cluster/clusterError.ts";
import { findTarget } from "./findTarget.ts";
import { verify } from "./options.ts";
import { verifyData } from "./reports/data.ts";
import { junit } from "./reports/junit.ts";
import { checkList } from "./reports/lines.ts";
import type { Pass } from "./suite.ts";
import type { Target } from "./target.ts";
import { verifyCluster } from "./verify.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

/** Exit code as a shell gives it after Ctrl-C: 128 and the signal's number. */
const interruptedCode = 130;

const ending = new AbortController();

/** Runs `npm run verify`. Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const given = parseVerify(argv);
  if (given.help) say(usageText(verify));
  else if (given.list) say(checkList(checks).join("\n"));
  if (given.help || given.list || given.cluster === undefined) return 0;
  for (const option of ["junit", "json"] as const) {
    const file = given[option];
    if (file !== undefined) refuseUnwritableFile(option, file);
  }
  const target = await findTarget(given.cluster, given.endpoint, say);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      complain("Interrupted; what the checks made is being removed.");
      ending.abort(new UserError("interrupted"));
    });
  }
  try {
    const { pass, isGood } = await verifyCluster(given, target, { say, signal: ending.signal });
    write(given, target, pass, undefined, isGood);
    return isGood ? 0 : 1;
  } catch (error) {
    // Whoever reads only the files has to see this too.
    write(given, target, { outcomes: [], calls: 0 }, messageOf(error));
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

/** Whatever is the user's to mend, in a line; undefined: it is a mistake in here. */
function plain(error: unknown): string | undefined {
  return error instanceof UserError || error instanceof ClusterError ? error.message : systemProblem(error);
}

function messageOf(error: unknown): string {
  return plain(error) ?? (error instanceof Error ? error.message : String(error));
}

function fail(error: unknown): void {
  complain(ending.signal.aborted ? "verify: interrupted" : (plain(error) ?? inspect(error)));
  process.exitCode = ending.signal.aborted ? interruptedCode : 1;
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
}, fail);
