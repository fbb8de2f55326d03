import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-folder-test-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A run that has a child in a separate group, a grandchild and a file, and says the child's number. */
const run = `
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { beginRun } from ${JSON.stringify(join(import.meta.dirname, "..", "..", "rehearsal", "runFolder.ts"))};
import { watchEnding } from ${JSON.stringify(join(import.meta.dirname, "..", "..", "..", "infra", "commands", "shared", "ending.ts"))};
const say = (line) => process.stderr.write(line + "\\n");
watchEnding("run", say);
beginRun(say);
writeFileSync(tmpdir() + "/state", "");
const child = spawn("/bin/sh", ["-c", "sleep 600 & echo $!; wait"], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
child.stdout.on("data", (text) => process.stdout.write(text));
`;

/** Whether a process runs: one that has ended waits as a zombie until its parent asks. */
function lives(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe("A run", () => {
  it.each([
    { signal: "SIGINT", code: 130 },
    { signal: "SIGTERM", code: 143 },
    { signal: "SIGHUP", code: 129 },
  ] as const)("that gets $signal says one line and leaves no process and no folder behind", async (given) => {
    const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", run], {
      env: { ...ownEnvironment(), TMPDIR: folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (text: Buffer) => {
      said += text;
    });
    const [text] = await once(child.stdout, "data");
    const grandchild = Number(String(text));
    expect(readdirSync(folder)).toHaveLength(1);
    child.kill(given.signal);

    expect(await once(child, "exit")).toEqual([given.code, null]);
    expect(said).toBe("run: interrupted\n");
    expect(readdirSync(folder)).toEqual([]);
    await expect.poll(() => lives(grandchild)).toBe(false);
  });
});
