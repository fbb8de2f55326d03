import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isOrphaned, statePrefix, stopLeftovers } from "../../../infra/commands/shared/ending.ts";
import { cgroupMount } from "../../simulator/dataPath/cgroups.ts";
import { run } from "../../simulator/dataPath/command.ts";
import type { NodePrograms } from "../../simulator/dataPath/labNode.ts";
import { presentNodePrograms } from "../../toolchain/calicoNode.ts";
import { type KubernetesTools, presentKubernetesTools } from "../../toolchain/kubernetesTools.ts";
import { type Lab, startLab } from "./startLab.ts";
import { ask, bringUp, ipOf, serve, until } from "./steps.ts";

const labProcess = fileURLToPath(new URL("labProcess.ts", import.meta.url));

let programs: NodePrograms;
let tools: KubernetesTools;
/** Calico's programs in a folder as `--calico-files` takes it. */
let files = "";
let before: Machine;
let other: ChildProcess | undefined;
let own: Lab | undefined;

/** What runs could leave on a machine. */
interface Machine {
  readonly groups: readonly string[];
  readonly folders: readonly string[];
  readonly mounts: number;
  readonly links: string;
  /** Digest of the kernel's settings. */
  readonly settings: string;
  readonly programs: number;
}

const foldersOf = (prefix: string) => readdirSync(tmpdir()).filter((name) => name.startsWith(prefix));

/** Control planes whose run has ended. Those of runs that go on come and go meanwhile. */
const leftControlPlanes = () => foldersOf(statePrefix).filter((name) => isOrphaned(join(tmpdir(), name)));

async function machine(): Promise<Machine> {
  const mount = cgroupMount() ?? "";
  const read = async (argv: readonly string[]) => (await run(argv)).stdout;
  return {
    groups: readdirSync(mount).filter((name) => name.startsWith("calico-ebpf-eks-")),
    folders: foldersOf("calico-ebpf-eks-lab-"),
    mounts: readFileSync("/proc/self/mountinfo", "utf8").split("\n").length,
    links: await read(["ip", "-brief", "link"]),
    settings: createHash("sha256")
      .update(
        await read([
          ...["sysctl", "net.ipv4", "net.core.bpf_jit_harden"],
          ...["kernel.bpf_stats_enabled", "kernel.unprivileged_bpf_disabled"],
        ]),
      )
      .digest("hex"),
    programs: (await read(["bpftool", "prog"])).match(/ name cali/g)?.length ?? 0,
  };
}

beforeAll(async () => {
  const [present, kubernetes] = await Promise.all([presentNodePrograms(), presentKubernetesTools()]);
  if (present === undefined || kubernetes === undefined)
    throw new Error("the programs of the lab were not built");
  [programs, tools] = [present, kubernetes];
  files = mkdtempSync(join(tmpdir(), "calico-files-"));
  for (const name of ["usr", "opt"])
    cpSync(join(programs.calico, name), join(files, name), { recursive: true });
  before = await machine();
});

afterAll(async () => {
  other?.kill("SIGKILL");
  await own?.stop();
  rmSync(files, { recursive: true, force: true });
});

/** Starts a lab in a separate process, with the programs of a folder; resolves with what its NodePort answers. */
function startOther(): Promise<string> {
  const child = spawn(process.execPath, [labProcess, files], { stdio: ["ignore", "pipe", "inherit"] });
  other = child;
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => resolve(text.trim()));
    child.once("exit", (code) => reject(new Error(`the other run ended with ${code}`)));
  });
}

it("two runs at once, with the same addresses, do not meet; one has its programs from a folder", async () => {
  const answered = startOther();
  own = await startLab(tools, programs);
  await bringUp(own, 1, { externalServiceMode: "Tunnel" });
  await serve(own, 1);
  expect(await answered).toMatch(/^answered 10\.40\.200\.50:\d+$/);
  expect(await ask(own.client, ipOf(1))).toMatch(/^10\.40\.200\.50:\d+$/);
  const now = await machine();
  expect(now.groups.length).toBe(before.groups.length + 2);
  // The other one has the kernel count.
  expect(now.settings).not.toBe(before.settings);
}, 200_000);

it.each([
  ["kill -9", "SIGKILL"],
  ["Ctrl-C", "SIGINT"],
] as const)(
  "%s ends one with all that it has, and nothing of the other",
  async (_, signal) => {
    if (other?.signalCode !== null) await startOther();
    other?.removeAllListeners("exit");
    other?.kill(signal);
    const rest = await until(
      "one run less",
      30,
      machine,
      ({ groups, folders }) =>
        groups.length === before.groups.length + 1 && folders.length === before.folders.length + 1,
    );
    expect(rest.programs).toBeGreaterThan(before.programs);
    expect(rest.settings).toBe(before.settings);
    expect(await ask(own?.client ?? fail(), ipOf(1))).toMatch(/^10\.40\.200\.50:\d+$/);
  },
  120_000,
);

it("what is left of one that was killed together with what watches over it, the next one removes", async () => {
  await stopLeftovers();
  const answered = startOther();
  const known = new Set((await machine()).folders);
  await answered;
  other?.removeAllListeners("exit");
  const fresh = (await machine()).folders.filter((name) => !known.has(name));
  expect(fresh).toHaveLength(1);
  const folder = join(tmpdir(), fresh[0] ?? "");
  await run(["pkill", "-KILL", "-f", `warden[.]sh .* ${folder}$`]);
  other?.kill("SIGKILL");
  await once(other ?? fail(), "exit");
  expect((await machine()).groups.length).toBe(before.groups.length + 2);
  // As if it had been a while ago.
  utimesSync(folder, 0, 0);

  expect(leftControlPlanes()).not.toEqual([]);
  expect(await stopLeftovers()).toBeGreaterThanOrEqual(5);
  expect(leftControlPlanes()).toEqual([]);
  const next = await startLab(tools, programs);
  const now = await machine();
  await next.stop();
  // Its own, and that of the run that goes on.
  expect([now.groups.length, now.folders.length]).toEqual([
    before.groups.length + 2,
    before.folders.length + 2,
  ]);
  expect(await ask(own?.client ?? fail(), ipOf(1))).toMatch(/^10\.40\.200\.50:\d+$/);
}, 120_000);

it("leaves nothing behind, neither killed nor stopped", async () => {
  await own?.stop();
  own = undefined;
  const left = await until(
    "nothing left",
    // The kernel takes a network away when the last connection in it has timed out, and its programs with it.
    150,
    machine,
    // Those of an earlier lab may go meanwhile, too.
    ({ programs, ...now }) =>
      programs <= before.programs &&
      JSON.stringify({ ...now, programs: before.programs }) === JSON.stringify(before),
  );
  expect({ ...left, programs: before.programs }).toEqual(before);
}, 180_000);

function fail(): never {
  throw new Error("no lab runs");
}
