import { createInterface } from "node:readline/promises";
import { UserError } from "../../shared/errors.ts";
import type { Measurement } from "../plan/measurements.ts";
import { disturbances, type ModeName, modes } from "../plan/modes.ts";
import { type Block, estimate, type Lengths } from "../plan/schedule.ts";
import { timeText } from "../reports/numbers.ts";
import type { ChosenNodes } from "./nodes.ts";

/** What is about to be done. */
export interface Intention {
  readonly blocks: readonly Block[];
  readonly measured: readonly Measurement[];
  readonly lengths: Lengths;
  readonly nodes: ChosenNodes;
  readonly home: ModeName;
}

/** What a run will take and disturb, a line each, before it begins. */
export function announcement(intention: Intention): string[] {
  const { blocks, measured, nodes, home } = intention;
  const { seconds, switchingSeconds } = estimate({ ...intention, nodes: nodes.count });
  const path = [home, ...blocks.map(({ mode }) => mode), home];
  const steps = path.slice(1).flatMap((mode, at) => disturbances(path[at] ?? mode, mode));
  const isSwitching = path.some((mode) => mode !== home);
  const runs = blocks.reduce((sum, { repeats }) => sum + repeats * measured.length, 0);
  const { client, server, third } = nodes;
  return [
    `${measured.length} measurements, ${runs} runs: about ${timeText(seconds)}${isSwitching ? `, of which switching modes about ${timeText(switchingSeconds)}` : ""}.`,
    `Client on ${client.name}, server on ${server.name}${third === undefined ? "" : `, NodePort of ${third.name}`}; the runs load these nodes and the network between them.`,
    ...(isSwitching
      ? [
          `Modes: ${path.map((mode) => modes[mode].title).join(" → ")}.`,
          ...[...new Set(steps)].map((one) => `  disturbs: ${one}.`),
        ]
      : []),
  ];
}

/**
 * Asks before modes are switched.
 * @throws UserError when the answer is no, or when nobody can be asked
 */
export async function confirm(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<void> {
  if (!input.isTTY)
    throw new UserError(
      "measure: modes would be switched, and nobody can be asked here. Say --yes if that may be.",
    );
  const lines = createInterface({ input, output });
  try {
    const answer = await lines.question("Switch modes and measure? Type yes: ", { signal });
    if (answer.trim() !== "yes") throw new UserError("measure: not begun; nothing was changed.");
  } finally {
    lines.close();
  }
}
