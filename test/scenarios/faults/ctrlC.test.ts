import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";

const main = join(import.meta.dirname, "..", "..", "rehearsal", "main.ts");

/** Processes that work in a folder. */
async function processesIn(folder: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(join("/proc", pid, "cwd")).catch(() => "")));
  return pids.filter((_, index) => folders[index]?.startsWith(folder));
}

it.each(["preview", "pulumi up", "the commands after a killed run", "pulumi destroy"])(
  "Ctrl-C during %s leaves neither a process nor a folder behind",
  async (step) => {
    const folder = await mkdtemp(join(tmpdir(), "ctrl-c-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const faults = ["--fault", "Vpc:create:error", "--kill-after", "150", "--signal", "SIGKILL"];
    const child = spawn(process.execPath, [main, ...faults], {
      env: { ...ownEnvironment(), TMPDIR: folder },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = once(child, "exit");
    let shown = "";
    for await (const text of child.stdout.setEncoding("utf8")) {
      shown += text;
      if (shown.includes(`… ${step}`)) break;
    }
    expect(await readdir(folder)).not.toEqual([]);
    child.kill("SIGINT");

    expect(await ended).toEqual([130, null]);
    expect(await readdir(folder)).toEqual([]);
    expect(await processesIn(folder)).toEqual([]);
  },
);
