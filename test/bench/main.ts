import {
  argumentError,
  type RunnableCommand,
  readArguments,
  type Surroundings,
} from "../../infra/commands/shared/arguments.ts";
import { pulumiCli } from "../../infra/commands/shared/engine/pulumiCli.ts";
import { runProcess } from "../../infra/commands/shared/runCommand.ts";
import { dataPathFigures } from "./dataPath.ts";
import { existingFigures } from "./existing.ts";
import { type Figure, figureLine, isWithin, lower } from "./measure.ts";
import { previewFigures } from "./preview.ts";
import { rehearsalFigures } from "./rehearsal.ts";
import { settingsFigures } from "./settings.ts";
import { verifyFigures } from "./verify.ts";

/** How often a group is measured at most. */
const mostAttempts = 3;

/** Measures a group of figures, and again while one is over its limit: a busy moment is not a slow program. */
async function measured(group: () => Promise<Figure[]>, say: (line: string) => void): Promise<Figure[]> {
  let best = await group();
  for (let attempt = 1; attempt < mostAttempts && !best.every(isWithin); attempt += 1) {
    say("over its limit, and measured again:");
    for (const figure of best) say(figureLine(figure));
    best = lower(best, await group());
  }
  return best;
}

const bench: RunnableCommand = {
  command: "npm run bench --",
  name: "bench",
  about: "Measures this project's own speed against an empty program on the same engine.",
  options: {
    nodes: {
      value: "N",
      isNumber: true,
      says: "also measure a rehearsal of this many nodes with real packets, which takes minutes",
      example: "--nodes 20",
    },
    measure: {
      says: "also compare DSR, Tunnel and iptables with real packets, which takes a quarter of an hour",
      example: "--measure",
    },
  },
  example: "--nodes 20",
  run,
};

async function run(argv: readonly string[], { root, say }: Surroundings): Promise<number> {
  const { given, problems } = readArguments(bench.options, argv);
  if (problems.length > 0) throw argumentError(bench, problems);
  const nodes = given.has("nodes") ? Number(given.get("nodes")) : undefined;
  // First, while nothing is warm yet.
  const settings = await settingsFigures();
  const { command, origin } = await pulumiCli({ say });
  say(`Engine: ${origin}`);
  const groups: (() => Promise<Figure[]>)[] = [
    async () => settings,
    () => previewFigures(root, command),
    () => rehearsalFigures(root),
    () => verifyFigures(root),
    () => dataPathFigures(root, say, { nodes, measures: given.has("measure") }),
    () => existingFigures(root, say),
  ];
  let passed = true;
  for (const group of groups) {
    const figures = await measured(group, say);
    for (const figure of figures) say(figureLine(figure));
    passed &&= figures.every(isWithin);
  }
  return passed ? 0 : 1;
}

runProcess(bench, process.argv.slice(2));
