import { counted } from "../../../components/values/problem.ts";
import type { Live } from "../verify/check.ts";
import { archive } from "./archive.ts";
import { chosenNodes } from "./chosenNodes.ts";
import { Collection } from "./collection.ts";
import { collectAws } from "./parts/aws.ts";
import { collectChecks, collectVersions } from "./parts/checks.ts";
import { collectEvents } from "./parts/events.ts";
import { collectLogs } from "./parts/logs.ts";
import { collectNodes } from "./parts/nodes.ts";
import { collectObjects } from "./parts/objects.ts";

export interface DiagnoseOptions {
  /** Nodes that are looked into. */
  readonly nodes: number;
  /** Folder in the archive. */
  readonly folder: string;
  readonly now: Date;
  /** Credentials that must not be in it. */
  readonly known: readonly string[];
  readonly say: (line: string) => void;
}

/** Collects what a maintainer would ask for, and returns it as one archive. */
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
    say(`Not collected, for the reasons in not-collected.txt: ${counted(failures.length, "thing")}`);
  }
  return archive(collection.files, folder, now);
}

/** `12 kB`, `3.4 MB` */
export function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
