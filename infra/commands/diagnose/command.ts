import { chmodSync } from "node:fs";
import { refuseUnwritableFile, writeWhole } from "../shared/outputFile.ts";
import type { Surroundings } from "../shared/surroundings.ts";
import { findTarget } from "../verify/findTarget.ts";
import { versionOf } from "../verify/reach.ts";
import { openLive } from "../verify/session.ts";
import { diagnose, sizeText } from "./diagnose.ts";
import { parseDiagnose } from "./options.ts";
import { knownSecrets } from "./redact/knownSecrets.ts";

/**
 * `npm run diagnose`.
 * @returns the exit code
 */
export async function runDiagnose(
  argv: readonly string[],
  { env, say, complain, ending }: Surroundings,
): Promise<number> {
  const given = parseDiagnose(argv);
  const now = new Date();
  const folder = `calico-ebpf-eks-diagnosis-${now.toISOString().replace(/\..*/, "").replace(/[T:]/g, "-")}`;
  const output = given.output ?? `${folder}.tar.gz`;
  refuseUnwritableFile("output", output);
  const target = await findTarget(given.cluster, given.endpoint, say);
  ending.cleansUp({
    words: "Interrupted; nothing is written.",
    againWords: "diagnose: interrupted again; nothing was written",
  });
  const live = openLive(target, given.concurrency, ending.signal, undefined, given.timeoutMilliseconds);
  try {
    // Where nothing can be read at all, one line is better than an archive of refusals.
    await versionOf(live.cluster, complain);
    const known = knownSecrets(target.kubeconfig, env);
    const packed = await diagnose(live, { nodes: given.nodes, folder, now, known, say });
    ending.signal.throwIfAborted();
    writeWhole("output", output, packed);
    chmodSync(output, 0o600);
    say(`${output}: ${sizeText(packed.length)}, ${live.cluster.calls + live.ec2.calls} requests`);
    say("Secrets were not read, and credentials taken out; look through it before you pass it on.");
    return 0;
  } finally {
    live.cluster.close();
  }
}
