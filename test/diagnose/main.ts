import { chmodSync } from "node:fs";
import { inspect } from "node:util";
import { refuseUnwritableFile, writeWhole } from "../commandLine/outputFile.ts";
import { usageText } from "../commandLine/usage.ts";
import { ClusterError } from "../live/cluster/clusterError.ts";
import { findTarget } from "../live/findTarget.ts";
import { openLive } from "../live/session.ts";
import { ownEnvironment } from "../rehearsal/cli/environment.ts";
import { systemProblem } from "../rehearsal/systemErrors.ts";
import { UserError } from "../rehearsal/userError.ts";
import { diagnose, sizeText } from "./diagnose.ts";
import { diagnoseCommand, parseDiagnose } from "./options.ts";
import { knownSecrets } from "./redact/knownSecrets.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Exit code as a shell gives it after Ctrl-C: 128 and the signal's number. */
const interruptedCode = 130;

const ending = new AbortController();

/** Runs `npm run diagnose`. */
async function main(argv: readonly string[]): Promise<void> {
  const given = parseDiagnose(argv);
  if (given.help) say(usageText(diagnoseCommand));
  if (given.help || given.cluster === undefined) return;
  const now = new Date();
  const folder = `calico-ebpf-eks-diagnosis-${now.toISOString().replace(/\..*/, "").replace(/[T:]/g, "-")}`;
  const output = given.output ?? `${folder}.tar.gz`;
  refuseUnwritableFile("output", output);
  const target = await findTarget(given.cluster, given.endpoint, say);
  process.once("SIGINT", () => ending.abort(new UserError("diagnose: interrupted; nothing was written")));
  const live = openLive(target, given.concurrency, ending.signal);
  try {
    // Whoever is not let in at all gets one line, not an archive of refusals.
    await live.cluster.get("/version");
    const known = knownSecrets(target.kubeconfig, ownEnvironment());
    const packed = await diagnose(live, { nodes: given.nodes, folder, now, known, say });
    writeWhole("output", output, packed);
    chmodSync(output, 0o600);
    say(`${output}: ${sizeText(packed.length)}, ${live.cluster.calls + live.ec2.calls} requests`);
    say("Secrets were not read, and credentials taken out; look through it before you pass it on.");
  } finally {
    live.cluster.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isPlain = error instanceof UserError || error instanceof ClusterError;
  const problem = ending.signal.aborted
    ? String((ending.signal.reason as Error).message)
    : isPlain
      ? error.message
      : systemProblem(error);
  process.stderr.write(`${problem ?? inspect(error)}\n`);
  process.exitCode = ending.signal.aborted ? interruptedCode : 1;
});
