import { chmodSync } from "node:fs";
import { counted } from "../../../components/values/problem.ts";
import type { Surroundings } from "../shared/arguments.ts";
import { refuseUnwritableFile, writeWhole } from "../shared/outputFile.ts";
import type { Live } from "../verify/check.ts";
import { findTarget } from "../verify/findTarget.ts";
import { openLive, versionOf } from "../verify/session.ts";
import { archive, Collection } from "./collection.ts";
import { parseDiagnose } from "./options.ts";
import {
  chosenNodes,
  collectAws,
  collectChecks,
  collectEvents,
  collectLogs,
  collectNodes,
  collectObjects,
  collectVersions,
} from "./parts.ts";
import { knownSecrets } from "./redact.ts";

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
    words: "Interrupted; nothing was written.",
    againWords: "diagnose: interrupted again; nothing was written",
  });
  const live = openLive(target, given.concurrency, ending.signal, undefined, given.timeoutMilliseconds);
  try {
    // Where nothing can be read at all, one line is better than an archive of errors.
    await versionOf(live.cluster, complain);
    const known = knownSecrets(target.kubeconfig, env);
    const packed = await diagnose(live, { nodes: given.nodes, folder, now, known, say });
    ending.signal.throwIfAborted();
    writeWhole("output", output, packed);
    chmodSync(output, 0o600);
    say(`${output}: ${sizeText(packed.length)}, ${live.cluster.calls + live.ec2.calls} requests`);
    say("Secrets were not read, and credentials were removed; review the archive before you share it.");
    return 0;
  } finally {
    live.cluster.close();
  }
}

export interface DiagnoseOptions {
  /** Nodes that are inspected. */
  readonly nodes: number;
  /** Folder in the archive. */
  readonly folder: string;
  readonly now: Date;
  /** Credentials that must not be in it. */
  readonly known: readonly string[];
  readonly say: (line: string) => void;
}

/** Collects what a maintainer needs, and returns it as one archive. */
export async function diagnose(live: Live, options: DiagnoseOptions): Promise<Buffer> {
  const { now, folder, known, say } = options;
  const collection = new Collection(known);
  const step = async <T>(what: string, collect: () => Promise<T>): Promise<T> => {
    const before = collection.files.length;
    const began = performance.now();
    const result = await collect();
    const fresh = collection.files.slice(before);
    const size = sizeText(fresh.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0));
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    say(
      `  ${what.padEnd(36)} ${counted(fresh.length, "file").padStart(9)} ${size.padStart(9)}  ${seconds} s`,
    );
    return result;
  };
  say("Collecting");
  const outcomes = await step("checks", () => collectChecks(live, collection));
  const nodes = await chosenNodes(live, outcomes, options.nodes);
  await step("versions", () => collectVersions(live, collection));
  await step("objects and statuses", () => collectObjects(live, collection));
  await step("events", () => collectEvents(live, collection));
  await step("logs of Calico and its operator", () => collectLogs(live, collection, nodes));
  await step(`eBPF maps of ${counted(nodes.length, "node")}`, () => collectNodes(live, collection, nodes));
  await step("interfaces and security groups", () => collectAws(live, collection));
  const { failures } = collection;
  if (failures.length > 0) {
    collection.addText("not-collected.txt", `${failures.join("\n")}\n`);
    say(`Not collected (reasons in not-collected.txt): ${counted(failures.length, "item")}`);
  }
  return archive(collection.files, folder, now);
}

/** `12 kB`, `3.4 MB` */
export function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
