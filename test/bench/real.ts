import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { readStackFile } from "../../infra/commands/shared/stackFile.ts";
import { stackSettings } from "../../infra/commands/shared/stackSettings.ts";
import { presentRealParts } from "../rehearsal/realParts.ts";
import { growth } from "./growth.ts";
import type { Figure } from "./measure.ts";
import { rehearsal } from "./rehearsal.ts";
import { type Look, look, verifyFigures } from "./verify.ts";

const fewNodes = 100;
const manyNodes = 1000;

/** What a real rehearsal of dev is made of; undefined: it is not built. */
function present(root: string) {
  return presentRealParts(stackSettings(readStackFile({ stack: "dev" }, root)).calico.version);
}

/** A rehearsal on a real API server; none where its tools are not built, which takes minutes. */
export async function smallRealFigures(root: string, say: (line: string) => void): Promise<Figure[]> {
  const parts = await present(root);
  if (parts === undefined) {
    say(
      "- on a real API server: left out, its tools are not built. npm run rehearse -- --kubernetes real does that.",
    );
    return [];
  }
  const { seconds } = await rehearsal(root, ["--kubernetes", "real"]);
  return [
    {
      name: "rehearsal of dev on a real API server",
      found: seconds,
      unit: " s",
      detail: `${parts.tools.description}; its tools being there already`,
    },
  ];
}

/** The same with many nodes, and how the time of each grows with them. */
export async function largeRealFigures(root: string, command: PulumiCommand): Promise<Figure[]> {
  const parts = await present(root);
  if (parts === undefined) return [];
  const { seconds, gib } = await rehearsal(root, ["--kubernetes", "real", "--nodes", String(manyNodes)]);
  const looks: Look[] = [];
  const [first = Number.NaN, later = Number.NaN] = await growth({
    root,
    command,
    parts,
    steps: [fewNodes, manyNodes],
    atEach: async (world) => void looks.push(await look(root, world)),
  });
  const [few, many] = looks;
  const each = (time: number) => `${(time * 1000).toFixed(0)} ms`;
  return [
    {
      name: `rehearsal of ${manyNodes} nodes on a real API server`,
      found: seconds,
      unit: " s",
      detail: "preview, up, preview, destroy, and the start of the control plane",
    },
    {
      name: `memory of ${manyNodes} nodes`,
      found: gib,
      limit: 6,
      unit: " GiB",
      detail: "peak of resident memory, all its processes",
    },
    {
      name: `time per node up to ${manyNodes} ÷ up to ${fewNodes}`,
      found: later / first,
      limit: 1.5,
      unit: "",
      detail: `from joining to Ready: ${each(first)} each of the first ${fewNodes}, ${each(later)} each of the others`,
    },
    ...(few === undefined || many === undefined ? [] : verifyFigures(few, many)),
  ];
}
