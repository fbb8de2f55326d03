import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../../infra/commands/pipeline/run.ts";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import { pulumiCli } from "../../../infra/commands/shared/engine/pulumiCli.ts";

let file = "";
const folder = mkdtempSync(join(tmpdir(), "exit-codes-"));

beforeAll(async () => {
  file = (await pulumiCli({ say: () => {} })).command.command;
  writeFileSync(join(folder, "Pulumi.yaml"), "name: calico-ebpf-eks\nruntime: nodejs\n");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pulumi = (backend: string, ...args: string[]) => {
  const env = { ...ownEnvironment(), PULUMI_HOME: join(folder, "home"), PULUMI_BACKEND_URL: backend };
  return run(file, [...args, "--non-interactive"], { env, root: folder, say: () => {} });
};

it("the CLI ends with 6 when the backend has no such stack, without a login", async () => {
  expect(await pulumi(`file://${folder}`, "stack", "select", "dev")).toEqual({
    code: 6,
    output: expect.stringContaining("no stack named 'dev' found"),
  });
});

it("the CLI ends with another code when the backend cannot be read", async () => {
  const { code } = await pulumi("file:///no/such/folder", "stack", "select", "dev");

  expect(code).toBeGreaterThan(0);
  expect(code).not.toBe(6);
});
