import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openLive } from "../../../infra/commands/verify/session.ts";
import { purposeLabel } from "../../../infra/commands/verify/workloads/namespaces.ts";
import { type Living, startLiving } from "../realKubernetes/living.ts";
import { onRealParts, parts } from "../realKubernetes/parts.ts";
import { root } from "../rehearsed.ts";

let living: Living | undefined;
const folder = mkdtempSync(join(tmpdir(), "leftovers-"));
const children: ChildProcess[] = [];

beforeAll(async () => {
  if (parts === undefined) return;
  living = await startLiving();
  expect(await living.up()).toBe("");
}, 300_000);

/** Commands in pods run here, with a curl that never gets an answer, so that the check goes on asking. */
beforeEach(() => {
  if (living === undefined) return;
  const curl = "#!/bin/sh\nsleep 1; echo 'curl: (28) Connection timed out' >&2; exit 28\n";
  writeFileSync(join(folder, "curl"), curl, { mode: 0o755 });
  living.world.kubernetes.playback = () => ["/usr/bin/env", "-i", `PATH=${folder}:/usr/bin:/bin`];
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

afterAll(async () => {
  await living?.end();
  rmSync(folder, { recursive: true });
});

const kubeconfigFile = () => living?.world.kubernetes.kubeconfigFile ?? "";

interface Run {
  readonly child: ChildProcess;
  /** Exit code and all that was written. */
  readonly end: Promise<{ code: number | null; text: string }>;
}

function verify(): Run {
  const args = [
    join(root, "infra/commands/cli.js"),
    "verify",
    "--kubeconfig",
    kubeconfigFile(),
    "--only",
    "service-cluster-ip",
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (part) => (text += String(part)));
  return { child, end: once(child, "close").then(([code]) => ({ code, text })) };
}

/** Names of the namespaces that runs have made. */
async function namespaces(): Promise<string[]> {
  const target = { name: "a test", kubeconfig: readFileSync(kubeconfigFile(), "utf8"), folder: "/" };
  const { cluster } = openLive(target, 1, new AbortController().signal);
  const nameOf = (one: unknown) => (one as { metadata: { name: string } }).metadata.name;
  const found = await cluster.list("/api/v1/namespaces", nameOf, { labelSelector: purposeLabel });
  cluster.close();
  return found ?? [];
}

async function namespaceOf({ end }: Run): Promise<string> {
  let ended = "";
  void end.then(({ text }) => (ended = text));
  for (;;) {
    const [name] = await namespaces();
    if (name !== undefined) return name;
    if (ended !== "") throw new Error(ended);
    await sleep(100);
  }
}

describe.skipIf(parts === undefined)(`${onRealParts}, a run of verify`, { timeout: 120_000 }, () => {
  it("that finds fault leaves nothing behind", async () => {
    const { code, text } = await verify().end;

    expect(text).toMatch(/^✗ service-cluster-ip .*curl: \(28\) Connection timed out/m);
    expect(code).toBe(1);
    expect(await namespaces()).toEqual([]);
  });

  it("that is interrupted removes what it made", async () => {
    const run = verify();
    await namespaceOf(run);
    run.child.kill("SIGINT");
    const { code, text } = await run.end;

    expect(text).toContain("Interrupted; removing what the checks created.");
    expect(text).not.toMatch(/\n\s+at /);
    expect(code).toBe(130);
    expect(await namespaces()).toEqual([]);
  });

  it("removes what a run that was killed has left, and not what a living one has", async () => {
    const killed = verify();
    const left = await namespaceOf(killed);
    killed.child.kill("SIGKILL");
    await killed.end;
    expect(await namespaces()).toEqual([left]);

    const next = verify();
    for (let looks = 0; (await namespaces()).includes(left) && looks < 300; looks++) await sleep(100);
    const own = await namespaceOf(next);
    expect(own).not.toBe(left);
    // It is alive: a third run leaves it alone, and continues next to it.
    const third = verify();
    while ((await namespaces()).length < 2) await sleep(100);
    expect(await namespaces()).toContain(own);
    await Promise.all([next.end, third.end]);
    expect(await namespaces()).toEqual([]);
  });
});
