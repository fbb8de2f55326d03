import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runStack } from "../../../../../infra/commands/measure/switchModes.ts";
import { emptyFolder, program } from "./program.ts";

const stackFile = `# by hand
encryptionsalt: v1:abc
config:
  aws:region: eu-west-1
  calico-ebpf-eks:calico:
    mtu: 1450
`;

/** A project whose CLI notes what it is called with, and keeps the file that it is given. */
function project(script = "") {
  const root = emptyFolder();
  mkdirSync(join(root, "stacks"));
  writeFileSync(join(root, "stacks", "Pulumi.dev.yaml"), stackFile);
  const pulumi = program(
    `echo "$@" > "${root}/called"; pwd > "${root}/where"
for word in "$@"; do case $word in *.yaml) cp -p "$word" "${root}/given"; echo "$word" > "${root}/name";; esac; done
${script}`,
  );
  const read = (name: string) => readFileSync(join(root, name), "utf8");
  return { root, read, stack: { name: "dev", pulumi, root } };
}

const settings = { dataplane: "Iptables", externalService: "Tunnel", kubeProxy: "Running" } as const;

describe("a stack on the command line", () => {
  it("is brought into a mode by a changed copy of its file, which is gone afterwards", async () => {
    const { read, root, stack } = project();
    await runStack(stack, ["up", "--yes", "--skip-preview"], settings);

    expect(read("called")).toMatch(
      /^up --stack dev --non-interactive --color never --yes --skip-preview --config-file \S+\/Pulumi\.dev\.yaml\n$/,
    );
    expect(read("where").trim()).toBe(root);
    expect(read("given")).toBe(`"encryptionsalt": "v1:abc"
"config":
  "aws:region": "eu-west-1"
  "calico-ebpf-eks:calico":
    "mtu": 1450
    "dataplane": "Iptables"
    "externalService": "Tunnel"
  "calico-ebpf-eks:kubeProxy": "Running"
`);
    expect(statSync(join(root, "given")).mode & 0o777).toBe(0o600);
    expect(existsSync(read("name").trim())).toBe(false);
    expect(read("stacks/Pulumi.dev.yaml")).toBe(stackFile);
  });

  it("comes back by its own file", async () => {
    const { read, stack } = project();
    await runStack(stack, ["up", "--yes", "--skip-preview"], undefined);

    expect(read("called")).toBe("up --stack dev --non-interactive --color never --yes --skip-preview\n");
  });

  it("says in a line why it was not brought there, and leaves no copy", async () => {
    const { read, stack } = project("echo 'error: no way' >&2; exit 255");

    await expect(runStack(stack, ["up"], settings)).rejects.toThrow(
      "pulumi up --stack dev ended with code 255: error: no way",
    );
    expect(existsSync(read("name").trim())).toBe(false);
  });

  it("is previewed as its file says", async () => {
    const { read, stack } = project();
    await runStack(stack, ["preview", "--expect-no-changes"], undefined);

    expect(read("called")).toBe("preview --stack dev --non-interactive --color never --expect-no-changes\n");
  });
});
