import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chosenProgram } from "../../../../infra/chosenProgram.ts";
import { recordRefusal } from "../../../../infra/commands/shared/plan/recorder.ts";
import { registered } from "../../../support/graph.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const kubeconfig = {
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "trial", cluster: { server: "https://127.0.0.1:9" } }],
  users: [{ name: "admin", user: { token: "none" } }],
  contexts: [
    { name: "admin@trial", context: { cluster: "trial", user: "admin" } },
    { name: "lost", context: { cluster: "trial", user: "missing" } },
  ],
  "current-context": "admin@trial",
};

/** What a user reads, and what was registered before. */
async function refused(existing: Readonly<Record<string, unknown>>) {
  const cluster = { existing: { apiServer: { host: "api.example.com", port: 6443 }, ...existing } };
  const config = { "calico-ebpf-eks:cluster": JSON.stringify(cluster) };
  const { error, resources } = await recordRefusal(chosenProgram, { config });
  return { text: error instanceof Error ? error.message : String(error), registered: registered(resources) };
}

const message = (line: string) => ({
  text: `calico-ebpf-eks: 1 problem in the cluster of stack dev\n  ${line}`,
  registered: [],
});

function written(text: string): string {
  const file = join(folder, "config");
  writeFileSync(file, text);
  return file;
}

describe("a kubeconfig is refused", () => {
  const write = "Correct the path, or write one with kubectl config view --minify --flatten.";

  it("when there is none", async () => {
    const file = join(folder, "nowhere");

    expect(await refused({ kubeconfig: file })).toEqual(
      message(
        `cluster.existing.kubeconfig: file does not exist: ${file}; a kubeconfig file must exist. ${write}`,
      ),
    );
  });

  it("when there is none in the user's home folder", async () => {
    expect((await refused({ kubeconfig: "~/no/such/file" })).text).toContain(
      `file does not exist: ${homedir()}/no/such/file`,
    );
  });

  it("when there is none in the project's folder, wherever the program was started", async () => {
    vi.spyOn(process, "cwd").mockReturnValue("/elsewhere");

    expect((await refused({ kubeconfig: "no/such/file" })).text).toContain(
      `file does not exist: ${join(import.meta.dirname, "..", "..", "..", "..")}/no/such/file`,
    );
  });

  it("when it is none", async () => {
    const { text, registered: all } = await refused({ kubeconfig: written("- not\n- a kubeconfig") });

    expect(all).toEqual([]);
    expect(text).toMatch(
      /^calico-ebpf-eks: 1 problem in the cluster of stack dev\n {2}cluster.existing.kubeconfig: [^\n]+$/,
    );
  });

  it.each<[string, Readonly<Record<string, unknown>>, string | undefined, string]>([
    [
      "a context that it lacks",
      kubeconfig,
      "production",
      "cluster.existing.context: no such context: production; the kubeconfig has admin@trial and lost. Set cluster.existing.context to one of them.",
    ],
    [
      "a current context that it lacks",
      { ...kubeconfig, "current-context": "" },
      undefined,
      "cluster.existing.kubeconfig: no current context is set; the kubeconfig has admin@trial and lost. Set cluster.existing.context to one of them.",
    ],
    [
      "a context without a user",
      kubeconfig,
      "lost",
      "cluster.existing.kubeconfig: context lost names a cluster or a user that is not in the file; both must exist. Write the file again, for example with kubectl config view --minify --flatten.",
    ],
  ])("with %s", async (_name, content, context, line) => {
    const existing = { kubeconfig: written(JSON.stringify(content)), ...(context && { context }) };

    expect(await refused(existing)).toEqual(message(line));
  });

  it("when nothing answers at its address", async () => {
    expect(await refused({ kubeconfig: written(JSON.stringify(kubeconfig)) })).toEqual(
      message(
        "cluster.existing: https://127.0.0.1:9 cannot be reached: nothing listens there; the cluster must be read before anything is changed. Check that this machine can reach it, and the credentials.",
      ),
    );
  });
});

describe("the choice of a program", () => {
  it("goes by cluster.existing, and reads its settings strictly", async () => {
    const config = { "calico-ebpf-eks:cluster": '{"existing":{"eksNam":"platform"}}' };
    const { error } = await recordRefusal(chosenProgram, { config });

    expect(String(error)).toContain("cluster.existing.eksNam: unknown setting");
    expect(String(error)).toContain("in the settings of stack dev");
  });
});
