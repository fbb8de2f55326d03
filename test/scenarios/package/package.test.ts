import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import { execute } from "../../../infra/commands/shared/engine/process.ts";
import { leftovers } from "../../rehearsal/checks.ts";
import { startWorld } from "../../simulator/world/world.ts";
import { cliEnvironment } from "../../support/cliEnvironment.ts";
import { cli, rehearsed, root } from "../rehearsed.ts";

let folder: string;
const node = join(root, "node_modules", ".bin", "node");

/** Runs a command to its end; what it wrote, or an error with that. */
async function run(command: string, args: readonly string[], env: Record<string, string | undefined> = {}) {
  const outcome = await execute(command, [...args], { folder, env: { ...ownEnvironment(), ...env } });
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.output;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "calico-ebpf-eks-package-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A project with the package as npm would install it: a folder of files in node_modules, its dependencies next to it. */
async function installed(): Promise<string> {
  const project = join(folder, "team");
  const modules = join(project, "node_modules");
  await mkdir(modules, { recursive: true });
  await run(node, [join(root, ".ci", "package.mjs"), join(modules, "calico-ebpf-eks")], {
    GITHUB_REPOSITORY: "platform/calico-ebpf-eks",
  });
  for (const name of await readdir(join(root, "node_modules"))) {
    if (!name.startsWith(".")) await symlink(join(root, "node_modules", name), join(modules, name));
  }
  await cp(join(import.meta.dirname, "consumer.ts"), join(project, "consumer.ts"));
  await writeFile(join(project, "package.json"), '{ "name": "team", "type": "module" }\n');
  return project;
}

describe("a program in TypeScript that uses the package", () => {
  let project: string;

  beforeAll(async () => {
    project = await installed();
  }, 120_000);

  it("finds the license in the package, and what npm compares a provenance with", async () => {
    const files = join(project, "node_modules", "calico-ebpf-eks");
    const {
      license,
      private: isPrivate,
      repository,
    } = JSON.parse(await readFile(join(files, "package.json"), "utf8"));

    expect({ license, isPrivate, repository }).toEqual({
      license: "Apache-2.0",
      isPrivate: undefined,
      repository: { type: "git", url: "git+https://github.com/platform/calico-ebpf-eks.git" },
    });
    expect(await readFile(join(files, "LICENSE"), "utf8")).toContain(
      "Copyright 2026 The calico-ebpf-eks authors",
    );
  });

  it("is checked against the types of the settings, mistakes included", async () => {
    const options = { strict: true, noEmit: true, module: "nodenext", target: "es2024", types: [] };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options }));
    const tsc = join(root, "node_modules", ".bin", "tsc");
    const checked = () => spawnSync(tsc, ["--project", project], { cwd: project, encoding: "utf8" });
    expect(checked().stdout).toBe("");

    const text = await readFile(join(project, "consumer.ts"), "utf8");
    await writeFile(join(project, "wrong.ts"), text.replace("publicAccessCidrs:", "publicAccessCidr:"));
    expect(checked().stdout).toMatch(/^wrong\.ts\(\d+,\d+\): error TS\d+: .*publicAccessCidr/);
    await rm(join(project, "wrong.ts"));
  });

  it("comes up on the real engine, previews without a change, and leaves nothing behind", async () => {
    const { program } = await import(pathToFileURL(join(project, "consumer.ts")).href);
    const { problems, leftBehind, outputs, resources } = await rehearsed({ program, until: "destroy" });

    expect(problems).toEqual([]);
    expect(leftBehind).toEqual([]);
    expect(outputs).toMatchObject({ name: "CALICO-EBPF-EKS-DEV" });
    expect(resources.length).toBeGreaterThan(60);
  });

  it("makes a part alone", async () => {
    const { partsProgram: program } = await import(pathToFileURL(join(project, "consumer.ts")).href);
    const { leftBehind, outputs, resources } = await rehearsed({ program, until: "destroy" });

    expect(resources.map(({ type }) => type)).toContain("aws:ec2/natGateway:NatGateway");
    expect(leftBehind).toEqual([]);
    expect(outputs).toEqual({ vpcId: expect.stringMatching(/^vpc-/) });
  });
});

describe("a program in Python that uses the plugin", () => {
  const python = () => join(folder, "venv", "bin", "python");
  let plugin: ChildProcess;
  let port: string;

  beforeAll(async () => {
    await run("python3", ["-m", "venv", join(folder, "venv")]);
    await run(python(), [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "pulumi==3.265.0",
    ]);
    // As the CLI's language host starts it, from the folder of the program that uses it.
    const runner = join(root, "node_modules", "@pulumi", "pulumi", "cmd", "run-plugin", "index.js");
    plugin = spawn(node, [runner, root], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: plugin.stdout ?? process.stdin })) {
      port = line;
      break;
    }
  }, 300_000);

  afterAll(async () => {
    const gone = once(plugin, "exit");
    plugin.kill("SIGKILL");
    await gone;
  });

  it("gives the CLI the schema from which it makes an SDK", async () => {
    const client = new providerGrpc.ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
    );
    const text = await new Promise<string>((resolve, reject) => {
      client.getSchema(new providerPb.GetSchemaRequest(), (error, response) =>
        error === null ? resolve(response.getSchema()) : reject(error),
      );
    });
    client.close();

    expect(JSON.parse(text)).toMatchObject({
      name: "calico-ebpf-eks",
      license: "Apache-2.0",
      resources: {
        "calico-ebpf-eks:index:EbpfCluster": {
          isComponent: true,
          inputProperties: { region: { type: "string" }, calico: expect.anything() },
          properties: { kubeconfig: { secret: true }, cni: { type: "string" } },
        },
      },
    });
  });

  async function ran(settings: object) {
    const world = await startWorld({ region: "eu-west-1" });
    const state = await mkdtemp(join(folder, "state-"));
    try {
      const output = await run(
        python(),
        [join(import.meta.dirname, "consumer.py"), JSON.stringify(settings)],
        {
          ...cliEnvironment(state),
          PATH: `${dirname(cli?.command.command ?? "")}:${ownEnvironment()["PATH"]}`,
          PULUMI_DEBUG_PROVIDERS: `${world.debugProviders},calico-ebpf-eks:${port}`,
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        },
      );
      return { ...JSON.parse(output.trim().split("\n").at(-1) ?? ""), leftBehind: leftovers(world) };
    } finally {
      await world.stop();
    }
  }

  it("comes up on the real engine, previews without a change, and leaves nothing behind", async () => {
    const found = await ran({ region: "eu-west-1", cluster: { publicAccessCidrs: ["198.18.0.0/15"] } });

    expect(found.error).toBeUndefined();
    expect(found.outputs).toMatchObject({
      name: "platform-dev",
      subnets: [expect.stringMatching(/^subnet-/)],
    });
    expect(found.secret).toBe(true);
    expect(found.created.create).toBeGreaterThan(60);
    expect(Object.keys(found.previewed)).toEqual([expect.stringMatching(/same/i)]);
    expect(found.leftBehind).toEqual([]);
  });

  it("is refused with every problem of its arguments", async () => {
    const found = await ran({ region: "mars", cluster: { publicAccessCidrs: ["198.18.0.0"] } });

    expect(found.error).toContain("calico-ebpf-eks: 2 problems in the arguments of EbpfCluster platform");
    expect(found.error).toContain("region: mars; must be the name of an AWS region.");
    expect(found.error).toContain("cluster.publicAccessCidrs[0]: 198.18.0.0; a prefix length is missing.");
    expect(found.leftBehind).toEqual([]);
  });
});
