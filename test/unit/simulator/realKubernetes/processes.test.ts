import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  recordOwner,
  recordProcess,
  runPrefix,
  statePrefix,
  stopLeftovers,
} from "../../../../infra/commands/shared/ending.ts";
import { Processes } from "../../../simulator/realKubernetes/processes.ts";

const sleep = "/bin/sleep";
const pastStart = "1";
let parent = "";
let started: ChildProcess[] = [];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "processes-test-"));
});

afterEach(() => {
  for (const child of started) child.kill("SIGKILL");
  started = [];
  rmSync(parent, { recursive: true, force: true });
});

function stateFolder(name = "one"): string {
  const folder = join(parent, statePrefix + name);
  mkdirSync(folder);
  return folder;
}

/** A process as a run that was killed leaves it behind. */
function orphan(): ChildProcess {
  const child = spawn(sleep, ["600"], { detached: true, stdio: "ignore" });
  started.push(child);
  return child;
}

function startOf(pid: number | undefined): string {
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[19] ?? "";
}

function record(folder: string, ...lines: object[]): void {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  writeFileSync(join(folder, "processes.jsonl"), text);
}

/** The run that owned a folder: there is no process that started then. */
const deadOwner = { pid: process.pid, startTime: pastStart, owner: true };

describe("What a killed run left behind", () => {
  it("is found by its own record, stopped and removed", async () => {
    const folder = stateFolder();
    const left = orphan();
    record(folder, deadOwner, { pid: left.pid, startTime: startOf(left.pid) });
    const ended = once(left, "exit");

    expect(await stopLeftovers(parent)).toBe(1);
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect(existsSync(folder)).toBe(false);
  });

  it("is all that a run had, its control plane and what else it had started", async () => {
    const folder = join(parent, `${runPrefix}one`);
    const state = join(folder, `${statePrefix}one`);
    mkdirSync(state, { recursive: true });
    const [builder, etcd] = [orphan(), orphan()];
    record(folder, deadOwner);
    recordProcess(folder, builder.pid ?? 0);
    record(state, deadOwner);
    recordProcess(state, etcd.pid ?? 0);
    const ended = Promise.all([once(builder, "exit"), once(etcd, "exit")]);

    expect(await stopLeftovers(parent)).toBe(2);
    await ended;
    expect(existsSync(folder)).toBe(false);
  });

  it("is not a later process with the same number", async () => {
    const folder = stateFolder();
    const another = orphan();
    record(folder, deadOwner, { pid: another.pid, startTime: pastStart });

    expect(await stopLeftovers(parent)).toBe(0);
    expect(another.exitCode ?? another.signalCode).toBeNull();
    expect(existsSync(folder)).toBe(false);
  });

  it("is not what belongs to a run that is alive", async () => {
    const folder = stateFolder();
    recordOwner(folder);

    expect(await stopLeftovers(parent)).toBe(0);
    expect(existsSync(folder)).toBe(true);
  });

  it("may have a record that was cut off in the middle", async () => {
    const folder = stateFolder();
    writeFileSync(join(folder, "processes.jsonl"), `${JSON.stringify(deadOwner)}\n{"pid": 12`);

    expect(await stopLeftovers(parent)).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });
});

describe("Processes", () => {
  it("are recorded, stopped and removed with their folder", async () => {
    const folder = stateFolder();
    const processes = new Processes(folder);
    processes.start({ name: "sleep", file: sleep, args: ["600"] });
    const { pid } = JSON.parse(readFileSync(join(folder, "processes.jsonl"), "utf8"));

    expect(processes.failure()).toBeUndefined();
    await processes.stop();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  it("tell how one ended, with its log's last lines", async () => {
    const processes = new Processes(stateFolder());
    processes.start({ name: "etcd", file: "/bin/sh", args: ["-c", "echo address in use >&2; exit 3"] });
    await expect
      .poll(() => processes.failure())
      .toBe("etcd ended with 3; its last words:\n    address in use");
    await processes.stop();
  });

  it("tell that one could not be started", async () => {
    const processes = new Processes(stateFolder());
    processes.start({ name: "etcd", file: join(parent, "missing"), args: [] });
    expect(processes.failure()).toContain("etcd could not be started");
    await processes.stop();
  });
});
