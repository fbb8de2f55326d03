import { missingRequirements } from "../simulator/dataPath/requirements.ts";
import { presentNodePrograms } from "../toolchain/calicoNode.ts";
import type { Figure } from "./measure.ts";
import { rehearsal } from "./rehearsal.ts";

const nodes = 3;

const realPackets = ["--kubernetes", "real", "--data-path", "real", "--until", "up"];

/** Largest memory of a rehearsal with as many nodes as the documents claim, in GiB. */
const largeLimit = { nodes: 20, gib: 8 } as const;

/**
 * A rehearsal with real packets; none where the machine lacks something for it, or its programs are not built.
 * @param more nodes of a second one, which takes minutes; undefined: there is none
 */
export async function dataPathFigures(
  root: string,
  say: (line: string) => void,
  more?: number,
): Promise<Figure[]> {
  const isBuilt = (await presentNodePrograms()) !== undefined;
  const missing = await missingRequirements({ builds: false });
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
