import { missingRequirements } from "../simulator/dataPath/requirements.ts";
import { presentNodePrograms } from "../toolchain/calicoNode.ts";
import type { Figure } from "./measure.ts";
import { rehearsal } from "./rehearsal.ts";

const fewNodes = 3;
const manyNodes = 20;

const realPackets = ["--kubernetes", "real", "--data-path", "real", "--until", "up"];

/** A rehearsal with real packets; none where the machine lacks something for it, or its programs are not built. */
export async function dataPathFigures(root: string, say: (line: string) => void): Promise<Figure[]> {
  const isBuilt = (await presentNodePrograms()) !== undefined;
  const missing = await missingRequirements({ builds: false });
  if (!isBuilt || missing.length > 0) {
    const why = missing[0] ?? "its programs are not built; npm run rehearse -- --data-path real does that";
    say(`- with real packets: left out, ${why}`);
    return [];
  }
  const few = await rehearsal(root, [...realPackets, "--nodes", String(fewNodes), "--verify"]);
  const many = await rehearsal(root, [...realPackets, "--nodes", String(manyNodes)]);
  return [
    {
      name: `rehearsal of ${fewNodes} nodes with real packets, verified`,
      found: few.seconds,
      unit: " s",
      detail: "from the start to two previews after the checks; at most 90 s on two idle cores",
    },
    {
      name: `rehearsal of ${manyNodes} nodes with real packets`,
      found: many.seconds,
      unit: " s",
      detail: "from the start to two previews after the up; at most 300 s on two idle cores",
    },
    {
      name: `memory of ${manyNodes} nodes with real packets`,
      found: many.gib,
      limit: 8,
      unit: " GiB",
      detail: "peak of resident memory, all its processes",
    },
  ];
}
