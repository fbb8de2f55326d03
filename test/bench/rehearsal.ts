import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Figure, milliseconds } from "./measure.ts";
import { peakBytesWhile } from "./memory.ts";

/** Time and memory of a rehearsal of the dev stack, the engine's processes included. */
export async function rehearsalFigures(root: string): Promise<Figure[]> {
  const child = spawn(process.execPath, [join(root, "test", "rehearsal", "main.ts")], {
    cwd: root,
    stdio: "ignore",
  });
  let peakBytes = 0;
  let exitCode: unknown;
  const took = await milliseconds(async () => {
    peakBytes = await peakBytesWhile(child.pid ?? 0, async () => {
      [exitCode] = await once(child, "exit");
    });
  });
  if (exitCode !== 0) throw new Error(`npm run rehearse ended with exit code ${exitCode}`);
  return [
    { name: "rehearsal of dev", found: took / 1000, unit: " s", detail: "the CLI being there already" },
    {
      name: "memory of a rehearsal",
      found: peakBytes / 2 ** 30,
      limit: 1.5,
      unit: " GiB",
      detail: "peak of resident memory, all its processes",
    },
  ];
}
