import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReportData } from "../rehearsal/reports/reportData.ts";
import { type Figure, milliseconds } from "./measure.ts";
import { timelineFigure } from "./timeline.ts";

const sampleMilliseconds = 200;

/** Time and memory of a rehearsal of the dev stack, the engine's processes included, and what its report says. */
export async function rehearsalFigures(root: string): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "calico-ebpf-eks-bench-"));
  try {
    const json = join(folder, "report.json");
    const own = await ownFigures(root, json);
    const data: ReportData = JSON.parse(await readFile(json, "utf8"));
    return [...own, timelineFigure(data)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function ownFigures(root: string, json: string): Promise<Figure[]> {
  let peakBytes = 0;
  let exitCode: unknown;
  const took = await milliseconds(async () => {
    const script = join(root, "test", "rehearsal", "main.ts");
    const child = spawn(process.execPath, [script, "--json", json], {
      cwd: root,
      stdio: "ignore",
    });
    const timer = setInterval(async () => {
      peakBytes = Math.max(peakBytes, await treeBytes(child.pid ?? 0));
    }, sampleMilliseconds);
    [exitCode] = await once(child, "exit");
    clearInterval(timer);
  });
  if (exitCode !== 0) throw new Error(`the rehearsal ended with exit code ${exitCode}`);
  const gib = peakBytes / 2 ** 30;
  return [
    {
      name: "rehearsal of dev",
      found: took / 1000,
      limit: 60,
      unit: " s",
      detail: "the CLI being there already",
    },
    {
      name: "memory of a rehearsal",
      found: gib,
      limit: 1.5,
      unit: " GiB",
      detail: "peak of resident memory, all its processes",
    },
  ];
}

/** Resident memory of a process and everything it started. */
async function treeBytes(root: number): Promise<number> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(pids.map(processOf));
  const tree = new Set([root]);
  // A child is listed after its parent only by chance: go round until nothing is added.
  for (let size = 0; size !== tree.size; ) {
    size = tree.size;
    for (const one of all) if (one !== undefined && tree.has(one.parent)) tree.add(one.pid);
  }
  return all.reduce((sum, one) => sum + (one !== undefined && tree.has(one.pid) ? one.bytes : 0), 0);
}

async function processOf(pid: string): Promise<{ pid: number; parent: number; bytes: number } | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    return { pid: Number(pid), parent: field("PPid"), bytes: field("VmRSS") * 1024 };
  } catch {
    // It ended in between.
    return undefined;
  }
}
