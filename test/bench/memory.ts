import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { milliseconds } from "./measure.ts";

const sampleMilliseconds = 200;

/** Rest between two samples, in times of what one takes: looking at hundreds of processes must not slow them down. */
const restForSample = 50;

/** Does something while a process runs; returns the peak of the resident memory of it and everything that it started. */
export async function peakBytesWhile(root: number, work: () => Promise<unknown>): Promise<number> {
  let peakBytes = 0;
  const done = new AbortController();
  const samples = (async () => {
    while (!done.signal.aborted) {
      const took = await milliseconds(async () => {
        peakBytes = Math.max(peakBytes, await treeBytes(root));
      });
      const rest = Math.max(sampleMilliseconds, took * restForSample);
      await sleep(rest, undefined, { signal: done.signal }).catch(() => {});
    }
  })();
  try {
    await work();
    return peakBytes;
  } finally {
    done.abort();
    await samples;
  }
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
