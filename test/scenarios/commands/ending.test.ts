import { type ChildProcess, execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { entry, root, run, runNode, traces } from "./run.ts";

vi.setConfig({ testTimeout: 90_000 });

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ending-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a line of bash; `$entry` is a command's entry with this Node.js. */
function bash(line: string): Promise<{ stdout: string; stderr: string }> {
  const script = `entry() { "${process.execPath}" "${entry}" "$@"; }\n${line}`;
  return new Promise((resolve) => {
    execFile("bash", ["-c", script], { cwd: root }, (_error, stdout, stderr) => resolve({ stdout, stderr }));
  });
}

describe("output", () => {
  it("that is not read any more ends a command without a message", async () => {
    // A reader that goes before the first line is written.
    expect(await bash("set -o pipefail; entry stacks | true; echo $?")).toEqual({
      stdout: "141\n",
      stderr: "",
    });
  });

  it("of which only the first line is read is that line alone", async () => {
    const { stdout, stderr } = await bash("entry stacks --json | head -1");

    expect([stdout, stderr]).toEqual(["[\n", ""]);
  });

  it("that goes to a full disk says so by that name", async () => {
    const { stdout, stderr } = await bash("entry stacks > /dev/full; echo $?");

    expect([stdout, stderr]).toEqual([
      "1\n",
      "stacks: cannot write the output: no space left on the device.\n",
    ]);
  });
});

describe("a temporary directory", () => {
  it.each([
    { where: "/no/such/directory", said: "directory does not exist" },
    { where: "/etc/hostname", said: "this is a file, not a directory" },
    // Where nothing can be made, whatever the rights: also for root, whom a mode does not keep out.
    { where: "/proc", said: "not writable" },
  ])("$where is refused in one line before anything begins", async ({ where, said }) => {
    const ran = await runNode(["test/rehearsal/cli.js", "--until", "preview"], { env: { TMPDIR: where } });

    expect(ran).toEqual({
      code: 1,
      stdout: "",
      stderr: `temporary directory ${where}: ${said}. Set TMPDIR to a writable directory.\n`,
    });
  });
});

describe("Ctrl-C", () => {
  it("during a build leaves neither a process nor half a program, and ends as a shell expects", async () => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(
      join(bin, "go"),
      `#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\n/bin/mkdir -p "$2.parts"\necho $$ > ${folder}/pid\n/bin/sleep 600\n`,
    );
    chmodSync(join(bin, "go"), 0o755);
    const cache = join(folder, "cache", "calico-ebpf-eks");
    const env = {
      PATH: bin,
      HOME: folder,
      XDG_CACHE_HOME: join(folder, "cache"),
      // Nothing listens there: no download.
      HTTPS_PROXY: "http://127.0.0.1:9",
    };
    const onStart = (child: ChildProcess) => {
      const timer = setInterval(() => {
        if (!existsSync(join(folder, "pid"))) return;
        clearInterval(timer);
        child.kill("SIGINT");
      }, 100);
    };
    const ran = await run("verify", ["--stack", "dev"], { env, onStart });

    expect(ran).toMatchObject({ code: 130, stderr: "verify: interrupted\n" });
    expect(ran.stdout).toMatch(/^downloading pulumi .*\nThe download failed: .+\nbuilding pulumi /);
    expect(readdirSync(cache)).toEqual([]);
  });

  it("ends a wait for a server, and says so once", async () => {
    const server = createServer(() => {});
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as { port: number };
    const file = join(folder, "kubeconfig");
    writeFileSync(file, kubeconfig(`http://127.0.0.1:${port}`));
    server.once("connection", () => process.kill(pid, "SIGINT"));
    let pid = 0;
    const ran = await run("diagnose", ["--kubeconfig", file, "--output", join(folder, "a.tar.gz")], {
      onStart: (child) => {
        pid = child.pid ?? 0;
      },
    });
    server.close();

    expect(ran).toEqual({
      code: 130,
      stdout: "",
      stderr: "Interrupted; nothing was written.\ndiagnose: interrupted\n",
    });
    expect(readdirSync(folder)).toEqual(["kubeconfig"]);
  });
});

describe("verify --stack", () => {
  it("looks at the stack file before it gets an engine", async () => {
    const env = { PATH: "", HOME: folder, XDG_CACHE_HOME: folder };
    const ran = await run("verify", ["--stack", "nowhere"], { env });

    expect(ran).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "--stack: no stack file stacks/Pulumi.nowhere.yaml; there are dev, prod. For a cluster without one use --kubeconfig FILE.\n",
    });
    expect(readdirSync(folder)).toEqual([]);
    expect(traces(ran.stderr)).toEqual([]);
  });
});

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "it",
    contexts: [{ name: "it", context: { cluster: "it", user: "me" } }],
    clusters: [{ name: "it", cluster: { server } }],
    users: [{ name: "me", user: { token: "secret-token" } }],
  });
}
