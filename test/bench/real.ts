import { presentKubernetesTools } from "../rehearsal/tools/kubernetesTools.ts";
import type { Figure } from "./measure.ts";
import { rehearsal } from "./rehearsal.ts";

const manyNodes = 1000;

/** Rehearsals on a real API server, small and large; none where its tools are not built, which takes minutes. */
export async function realFigures(root: string, say: (line: string) => void): Promise<Figure[]> {
  const tools = await presentKubernetesTools();
  if (tools === undefined) {
    say(
      "- on a real API server: left out, its tools are not built. npm run rehearse -- --kubernetes real does that.",
    );
    return [];
  }
  const small = await rehearsal(root, ["--kubernetes", "real"]);
  const large = await rehearsal(root, ["--kubernetes", "real", "--nodes", String(manyNodes)]);
  return [
    {
      name: "rehearsal of dev on a real API server",
      found: small.seconds,
      limit: 180,
      unit: " s",
      detail: `${tools.description}; its tools being there already`,
    },
    {
      name: `rehearsal of ${manyNodes} nodes on a real API server`,
      found: large.seconds,
      limit: 300,
      unit: " s",
      detail: "preview, up, preview, destroy, and the start of the control plane",
    },
    {
      name: `memory of ${manyNodes} nodes`,
      found: large.gib,
      limit: 6,
      unit: " GiB",
      detail: "peak of resident memory, all its processes",
    },
  ];
}
