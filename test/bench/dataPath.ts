import { missingRequirements } from "../simulator/dataPath/requirements.ts";
import { presentNodePrograms } from "../toolchain/calicoNode.ts";
import type { Figure } from "./measure.ts";
import { rehearsal } from "./rehearsal.ts";

const nodes = 3;

const realPackets = ["--kubernetes", "real", "--data-path", "real", "--until", "up"];

/** Largest memory of a rehearsal with as many nodes as the documents claim, in GiB. */
const largeLimit = { nodes: 20, gib: 8 } as const;

interface More {
  /** Nodes of a second rehearsal, which takes minutes; undefined: there is none. */
  readonly nodes: number | undefined;
  /** A rehearsal compares DSR, Tunnel and iptables, which takes more minutes. */
  readonly measures: boolean;
}

/** A rehearsal with real packets; none where the machine lacks something for it, or its programs are not built. */
export async function dataPathFigures(
  root: string,
  say: (line: string) => void,
  { nodes: more, measures }: More,
): Promise<Figure[]> {
  const isBuilt = (await presentNodePrograms()) !== undefined;
  const missing = await missingRequirements({ builds: false, measures });
  if (!isBuilt || missing.length > 0) {
    const why = missing[0] ?? "its programs are not built; npm run rehearse -- --data-path real does that";
    say(`- with real packets: left out, ${why}`);
    return [];
  }
  const verified = (count: number) => rehearsal(root, [...realPackets, "--nodes", String(count), "--verify"]);
  const { seconds } = await verified(nodes);
  return [
    {
      name: `rehearsal of ${nodes} nodes with real packets, verified`,
      found: seconds,
      unit: " s",
      detail: "from the start to two previews after the checks; at most 90 s on two idle cores",
    },
    ...(more === undefined ? [] : largeFigures(more, await verified(more))),
    ...(measures ? ratiosIn((await rehearsal(root, comparison)).output) : []),
  ];
}

const comparison = [...realPackets, "--nodes", String(nodes), "--measure", "dsr,tunnel,iptables"];

/** Most reply bytes that DSR may send through the node that got the request, and growth that eBPF may show. */
const [mostShare, mostGrowth] = [0.02, 1.2];

/** A median with its spread, as the report of `npm run measure` writes it. */
const spread = String.raw`([\d.]+) \((.+?)\)`;
const shareRow = new RegExp(String.raw`reply bytes [^|]*\| ${spread}`);
const growthLine = new RegExp(String.raw`^- (.+), (time [^,]+)[^:]*: with ([\d,]+) services ${spread}`, "gm");

/**
 * The ratios of a report whose first mode is DSR. A time to connect depends on what else the machine does; the time in
 * eBPF programs, which is part of it, does not.
 */
export function ratiosIn(report: string): Figure[] {
  const [, share, shares] = shareRow.exec(report) ?? [];
  if (share === undefined) throw new Error("the report has no share of the reply bytes");
  const name = "reply bytes through the node that got the request, DSR";
  return [
    { name, found: Number(share), limit: mostShare, unit: "", detail: `six runs: ${shares}` },
    ...[...report.matchAll(growthLine)].map(([, mode, what = "", services, median, range]): Figure => {
      const grown = { name: `${what}, ${services} services to one, ${mode}`, found: Number(median) };
      const detail = `pairs of runs: ${range}`;
      if (what.includes("eBPF")) return { ...grown, limit: mostGrowth, unit: "", detail };
      return { ...grown, unit: " times", detail: `${detail}; with eBPF at most ${mostGrowth}` };
    }),
  ];
}

function largeFigures(count: number, { seconds, gib }: { seconds: number; gib: number }): Figure[] {
  const name = `rehearsal of ${count} nodes with real packets, verified`;
  const memory = { name: `memory of a ${name}`, found: gib, unit: " GiB" } as const;
  const detail = "peak of resident memory, all its processes and those of the nodes";
  return [
    { name, found: seconds, unit: " s", detail: "at most 300 s for 20 nodes on two idle cores" },
    { ...memory, detail, limit: (largeLimit.gib * Math.max(count, largeLimit.nodes)) / largeLimit.nodes },
  ];
}
