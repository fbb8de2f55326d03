import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startCluster } from "../../../simulator/realKubernetes/cluster.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cluster-test-"));
  mkdirSync(join(folder, "tmp"));
  vi.stubEnv("TMPDIR", join(folder, "tmp"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A tool that notes the ports of its command line, says something and fails. */
function failing(says: string): string {
  const file = join(folder, "tool");
  writeFileSync(file, `#!/bin/sh\necho "$@" >> ${join(folder, "calls")}\necho '${says}' >&2\nexit 1\n`);
  chmodSync(file, 0o755);
  return file;
}

const failure = (says: string) => {
  const etcd = failing(says);
  const idle = "/bin/true";
  const tools = {
    etcd,
    apiServer: etcd,
    controllerManager: idle,
    scheduler: idle,
    kwok: idle,
    description: "",
  };
  return startCluster(tools, "172.20.0.0/16").then(
    () => "",
    (error: Error) => error.message,
  );
};

const urls = () => new Set(readFileSync(join(folder, "calls"), "utf8").match(/--listen-client-urls \S+/g));

describe("A control plane that cannot start", () => {
  it("tries other ports when one is taken, and gives up in the end", async () => {
    const says = "listen tcp 127.0.0.1:2379: bind: address already in use";

    expect(await failure(says)).toContain(`ended with 1; its last words:\n    ${says}`);
    expect(urls().size).toBe(3);
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });

  it("tells at once of anything else", async () => {
    expect(await failure("panic: out of luck")).toContain("panic: out of luck");
    expect(urls().size).toBe(1);
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });

  it("says of a full disk what to do, whatever else its log holds", async () => {
    expect(await failure("write wal: no space left on device")).toMatch(
      /^\/.*: no space left on the device\. Free some space, or choose another directory: TMPDIR/,
    );
  });
});
