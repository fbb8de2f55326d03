import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Figure, milliseconds } from "./measure.ts";
import { peakBytesWhile } from "./memory.ts";

/** Time and memory of a rehearsal of the dev stack, the engine's processes included. */
export async function rehearsalFigures(root: string): Promise<Figure[]> {
  const { seconds, gib } = await rehearsal(root);
  return [
    { name: "rehearsal of dev", found: seconds, unit: " s", detail: "the CLI being there already" },
    {
      name: "memory of a rehearsal",
      found: gib,
      limit: 1.5,
      unit: " GiB",
      detail: "peak of resident memory, all its processes",
    },
  ];
}

/** What a rehearsal takes, its processes included, and prints. */
export async function rehearsal(
  root: string,
  args: readonly string[] = [],
): Promise<{ readonly seconds: number; readonly gib: number; readonly output: string }> {
  const script = join(root, "test", "rehearsal", "main.ts");
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const printed = text(child.stdout);
  let peakBytes = 0;
  let exitCode: unknown;
  const took = await milliseconds(async () => {
    peakBytes = await peakBytesWhile(child.pid ?? 0, async () => {
      [exitCode] = await once(child, "exit");
    });
  });
  const command = ["npm run rehearse", ...args].join(" ");
  if (exitCode !== 0) throw new Error(`${command} ended with exit code ${exitCode}`);
  return { seconds: took / 1000, gib: peakBytes / 2 ** 30, output: await printed };
}
