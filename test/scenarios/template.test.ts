import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { execute } from "../../infra/commands/shared/engine/process.ts";
import { pulumiCli } from "../../infra/commands/shared/engine/pulumiCli.ts";
import { program } from "../../infra/program.ts";
import { cliEnvironment } from "../support/cliEnvironment.ts";
import { previewed } from "./previewing.ts";
import { root, smallCluster } from "./rehearsed.ts";

let folder: string;

/** What git does not have. */
const leftOut = [".git", "node_modules", "test-report"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "calico-ebpf-eks-template-"));
  const template = join(folder, "template");
  await cp(root, template, {
    recursive: true,
    filter: (path) => path === root || !leftOut.includes(basename(path)),
  });
  const { command } = await pulumiCli({ say: () => {} });
  const words = [
    "--name",
    "platform",
    "--description",
    "Ours",
    "--stack",
    "dev",
    "--dir",
    join(folder, "platform"),
  ];
  const made = await execute(
    command.command,
    ["new", template, ...words, "--yes", "--generate-only", "--non-interactive"],
    {
      folder,
      env: cliEnvironment(folder),
    },
  );
  // The last thing it does is to start the language host, for the dependencies, which a CLI built from modules lacks.
  if (!made.ok && !made.reason.includes("pulumi-language-nodejs")) throw new Error(made.reason);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Text of the new project's Pulumi.yaml. */
const project = () => readFile(join(folder, "platform", "Pulumi.yaml"), "utf8");

describe("pulumi new, from this repository and under another name", () => {
  it("makes a project of that name with all files of this one", async () => {
    const { name, main, stackConfigDir, template, config } = parse(await project());

    expect({ name, main, stackConfigDir, template }).toEqual({
      name: "platform",
      main: "infra/index.js",
      stackConfigDir: "stacks",
      template: undefined,
    });
    expect(config).toHaveProperty(["pulumi:disable-default-providers", "value"], ["aws", "kubernetes"]);
    expect((await readdir(join(folder, "platform"))).toSorted()).toEqual(
      (await readdir(join(folder, "template"))).toSorted(),
    );
  });

  it("gives a project that reads the same settings, and names the cluster after itself", async () => {
    const { errors, output } = await previewed({
      program,
      config: smallCluster,
      words: [],
      project: await project(),
    });

    expect(errors).toEqual([]);
    expect(output).toContain("platform-dev");
    expect(output).not.toContain("calico-ebpf-eks-dev");
  });

  it("refuses a setting under the new name, which nothing would read", async () => {
    const { errors } = await previewed({
      program,
      config: { ...smallCluster, "platform:nodePools": { arm: { architecture: "arm64" } } },
      words: [],
      project: await project(),
    });

    expect(errors).toEqual([
      [
        "calico-ebpf-eks: 1 problem in the settings of stack dev",
        "  platform:nodePools: the namespace is platform; this program reads its settings from calico-ebpf-eks. Write calico-ebpf-eks:nodePools.",
      ].join("\n"),
    ]);
  });
});
