import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Begins the name of a run's control group; the process and its start time follow. */
const prefix = "calico-ebpf-eks-";

const attempts = 100;
const pauseMilliseconds = 20;

/** Where the machine has its version 2 control groups; undefined: nowhere. */
export function cgroupMount(mountInfo = readFileSync("/proc/self/mountinfo", "utf8")): string | undefined {
  for (const line of mountInfo.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    if (after.startsWith("cgroup2 ")) return before.split(" ")[4];
  }
  return undefined;
}

/**
 * Makes the control group of this process's run. It is the only thing of a run that the kernel does not remove by
 * itself, so its name says whose it is.
 */
export function makeRunGroup(mount: string, runName: string): string {
  const folder = join(mount, `${prefix}${process.pid}-${startTime(process.pid)}-${runName}`);
  mkdirSync(folder);
  return folder;
}

/** Removes the groups of runs that have ended without doing so, with what still runs in them. */
export async function removeLeftGroups(mount: string): Promise<number> {
  const left = readdirSync(mount).filter((name) => name.startsWith(prefix) && !ownerLives(name));
  for (const name of left) await removeGroup(join(mount, name));
  return left.length;
}

/** Kills every process of a group, and removes it with the groups in it. */
export async function removeGroup(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  killGroup(folder);
  for (let attempt = 1; !removed(folder); attempt++) {
    if (attempt === attempts) throw new Error(`${folder} cannot be removed: a process in it does not end`);
    await sleep(pauseMilliseconds);
  }
}

/** Kills every process of a group (Linux 5.14 and newer). */
export function killGroup(folder: string): void {
  try {
    writeFileSync(join(folder, "cgroup.kill"), "1");
  } catch {
    for (const pid of processesOf(folder)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended in the meantime.
      }
    }
  }
}

/** Processes of a group, not of the groups in it: as this machine counts them, oldest first. */
export function processesOf(folder: string): number[] {
  try {
    const text = readFileSync(join(folder, "cgroup.procs"), "utf8");
    return text.split("\n").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function removed(folder: string): boolean {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) removed(join(folder, entry.name));
    }
    rmdirSync(folder);
    return true;
  } catch {
    return !existsSync(folder);
  }
}

function ownerLives(name: string): boolean {
  const [pid, started] = name.slice(prefix.length).split("-");
  return startTime(Number(pid)) === started;
}

/** Field 22 of /proc/PID/stat; undefined: there is no such process. */
function startTime(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in brackets, may hold spaces and brackets itself.
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
