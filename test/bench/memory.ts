import { readdir, readFile } from "node:fs/promises";

const sampleMilliseconds = 200;

/** What a process and everything it started used. */
export interface Usage {
  /** Peak of their resident memory. */
  readonly peakBytes: number;
  /** CPU time of the process itself and of what it has waited for, up to the last sample. */
  readonly cpuSeconds: number;
}

/** Does something while a process runs. */
export async function usageWhile(root: number, work: () => Promise<unknown>): Promise<Usage> {
  let peakBytes = 0;
  let cpuSeconds = 0;
  const timer = setInterval(async () => {
    peakBytes = Math.max(peakBytes, await treeBytes(root));
    cpuSeconds = Math.max(cpuSeconds, await cpuOf(root));
  }, sampleMilliseconds);
  try {
    await work();
    return { peakBytes, cpuSeconds };
  } finally {
    clearInterval(timer);
  }
}

/** proc_pid_stat(5): utime, stime, cutime and cstime, in ticks; Linux has a hundred of them in a second for every reader. */
async function cpuOf(pid: number): Promise<number> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return afterName.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
  } catch {
    // It has ended.
    return 0;
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
