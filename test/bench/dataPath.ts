import { missingRequirements } from "../simulator/dataPath/requirements.ts";
import { presentNodePrograms } from "../toolchain/calicoNode.ts";
import type { Figure } from "./measure.ts";
import { rehearsal } from "./rehearsal.ts";

const nodes = 3;

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
  const { seconds } = await rehearsal(root, [...realPackets, "--nodes", String(nodes), "--verify"]);
  return [
    {
      name: `rehearsal of ${nodes} nodes with real packets, verified`,
      found: seconds,
      unit: " s",
      detail: "from the start to two previews after the checks; at most 90 s on two idle cores",
    },
  ];
}
