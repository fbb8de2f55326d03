import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { advice } from "../../../../../components/checks/advice.ts";
import { readSettings } from "../../../../../components/checks/checks.ts";
import type { Settings } from "../../../../../components/settings/settings.ts";
import { wrapped } from "../../../../../infra/commands/shared/arguments.ts";
import { UserError } from "../../../../../infra/commands/shared/errors.ts";
import { listStacks } from "../../../../../infra/commands/stacks/command.ts";
import type { Environment } from "../../../../../infra/commands/stacks/environments.ts";

// Recording the whole program takes a second, and a busy machine makes it many.
vi.setConfig({ testTimeout: 60_000 });

const today = new Date("2026-11-21T12:00:00Z");
const sound = `config:
  aws:region: us-east-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [] }
`;
let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stacks-"));
  mkdirSync(join(root, "stacks"));
});

afterEach(() => rmSync(root, { recursive: true }));

async function list(files: Readonly<Record<string, string>>, ...argv: string[]) {
  for (const [stack, text] of Object.entries(files)) {
    writeFileSync(join(root, "stacks", `Pulumi.${stack}.yaml`), text);
  }
  let said = "";
  const code = await listStacks(argv, {
    root,
    today,
    say: (text) => {
      said += text;
    },
  });
  return { code, said };
}

const data = async (files: Readonly<Record<string, string>>): Promise<Environment[]> =>
  JSON.parse((await list(files, "--json")).said);

describe("npm run stacks", () => {
  it("lists every stack with versions, dataplane, cost, the upgrade that AWS forces, and the program's warnings", async () => {
    const settings = readSettings({
      project: "calico-ebpf-eks",
      stack: "dev",
      config: { "aws:region": "us-east-1", "calico-ebpf-eks:cluster": '{"publicAccessCidrs":[]}' },
      today,
    }).settings;
    const warnings = advice(settings as Settings, today);
    expect(warnings).toContainEqual(
      expect.stringContaining("cluster.privateAccessCidrs: the endpoint is private"),
    );
    const warned = warnings.flatMap((one) => wrapped(`warning: ${one}`, "  ", "    "));
    const prod = sound.replace("publicAccessCidrs: []", "publicAccessCidrs: [], support: EXTENDED");
    const account = `  calico-ebpf-eks:account: { id: "111122223333" }\n`;

    expect(await list({ dev: sound, prod: prod + account })).toEqual({
      code: 0,
      said: [
        "stack  region     account       Kubernetes  Calico  USD a month",
        "dev    us-east-1  -             1.35        3.32.4  260.87",
        "  BPF, DSR, kube-proxy Absent; AWS upgrades it after 2027-03-27, in 126 days",
        ...warned,
        "prod   us-east-1  111122223333  1.35        3.32.4  260.87",
        "  BPF, DSR, kube-proxy Absent; AWS upgrades it after 2028-03-27, in 492 days;",
        "    extended support price after 2027-03-27",
        ...warned,
      ].join("\n"),
    });
  });

  it("shows the problems of a broken file in its row, and the others all the same", async () => {
    const { code, said } = await list({ broken: `${sound}  calico-ebpf-eks:kubeProxy: Gone\n`, dev: sound });

    expect(code).toBe(1);
    expect(
      said
        .split("\n")
        .slice(1, 4)
        .map((line) => line.trimEnd()),
    ).toEqual([
      "broken  1 problem",
      expect.stringMatching(/^ {2}kubeProxy: /),
      expect.stringMatching(/^dev {5}us-east-1/),
    ]);
  });

  it.each([
    { title: "is not YAML", text: "config: [", problem: "line 1, column 10: not YAML" },
    { title: "is empty", text: "", problem: "is not a mapping; it needs a `config:`." },
    {
      title: "has encrypted values",
      text: `${sound}  calico-ebpf-eks:tags: { secure: v1:abc }\n`,
      problem: "encrypted",
    },
  ])("says what is wrong with a file that $title", async ({ text, problem }) => {
    const [{ requested, problems } = { requested: undefined, problems: [] }] = await data({ dev: text });

    expect(requested).toBeNull();
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  it("names the CNI of pods that are not on Calico's network", async () => {
    const foreign = `${sound}  calico-ebpf-eks:calico: { cni: AmazonVPC }\n`;
    const existing = `config:
  calico-ebpf-eks:cluster:
    existing: { kubeconfig: admin.json, apiServer: { host: api.example.com, port: 6443 } }
`;

    expect((await list({ dev: foreign })).said).toContain(
      "  BPF, Tunnel, kube-proxy Absent, pods on the AWS VPC CNI; ",
    );
    expect(
      (await data({ dev: foreign, prod: sound, there: existing })).map(({ requested }) => requested?.cni),
    ).toEqual(["AmazonVPC", "Calico", null]);
  });

  it("counts no NAT gateway for a network that is there already", async () => {
    const existing =
      "{ existing: { vpcId: vpc-0a1b2c3d4e5f67890, controlPlaneSubnetIds: [subnet-0000000000000000a, subnet-0000000000000000b], nodeSubnetIds: [subnet-0000000000000000c] } }";
    const [one] = await data({ dev: `${sound}  calico-ebpf-eks:network: ${existing}\n` });

    // Without a NAT gateway (32.85) and its address (3.65).
    expect(one).toMatchObject({ problems: [], requested: { usdPerMonth: 224.37, isPriceComplete: true } });
  });

  it("says that Karpenter's nodes are not in the sum", async () => {
    const stack = `${sound}  calico-ebpf-eks:autoscaling: Karpenter\n`;
    const [one] = await data({ dev: stack });

    expect(one).toMatchObject({ problems: [], requested: { isPriceComplete: false } });
    expect((await list({ dev: stack })).said.replaceAll(/\s+/g, " ")).toContain(
      "the cost excludes items without a known price, and Karpenter's nodes",
    );
  });

  it("counts a NAT gateway and its address for each zone that has one", async () => {
    const zones = "nodeZones: [us-east-1a, us-east-1b, us-east-1c]";
    const stack = (natGateway: string) =>
      `${sound}  calico-ebpf-eks:calico: { externalService: Tunnel }\n  calico-ebpf-eks:network: { ${zones}, natGateway: ${natGateway} }\n`;
    const [perZone, single] = await data({ a: stack("PerZone"), b: stack("Single") });

    // Two gateways more (65.70) with their addresses (7.30).
    expect(perZone?.requested?.usdPerMonth).toBe(333.87);
    expect(single?.requested?.usdPerMonth).toBe(260.87);
  });

  it("fits 80 columns, whatever a file says", async () => {
    const { said } = await list({
      broken: sound.replace("publicAccessCidrs: []", "publicAccessCidrs: [10.0.0.0/8, 0.0.0.0/0, x]"),
      dev: sound,
      "a-stack-with-quite-a-long-name": sound,
    });

    expect(said.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("says that an unknown price is missing", async () => {
    const { said } = await list({
      dev: `${sound}  calico-ebpf-eks:nodePools: { default: { instanceTypes: [m7i.48xlarge] } }\n`,
    });

    expect(said).toMatch(/ \d+\.\d\d\+\n {2}BPF, .*\n? *.*the cost excludes items\n? *without a known price/);
  });

  it("leaves open what a stack leaves as it finds it", async () => {
    const [one] = await data({
      shared:
        "config:\n  aws:region: eu-west-1\n  calico-ebpf-eks:cluster: { existing: { eksName: platform } }\n",
    });

    expect(one?.requested).toMatchObject({ cluster: "platform", kubernetesVersion: null, usdPerMonth: null });
  });

  it("names stacks that would fight over one cluster, unless they are in two accounts or regions", async () => {
    const named = (account: string, region = "us-east-1") =>
      `config:
  aws:region: ${region}
  calico-ebpf-eks:account: { id: "${account}" }
  calico-ebpf-eks:cluster: { name: platform, publicAccessCidrs: [] }
`;
    const all = await data({
      blue: named("111122223333"),
      elsewhere: named("111122223333", "eu-west-1"),
      green: named("111122223333"),
      other: named("444455556666"),
    });

    expect(all.map(({ stack, problems }) => [stack, problems])).toEqual([
      [
        "blue",
        [
          "cluster.name: stack green has platform in us-east-1 as well; names in AWS are derived from it. Choose another name, or set account.id in both.",
        ],
      ],
      ["elsewhere", []],
      ["green", [expect.stringContaining("stack blue has platform")]],
      ["other", []],
    ]);
  });

  it("refuses what it does not know, and a project without stacks", async () => {
    await expect(list({ dev: sound }, "--live")).rejects.toThrow(
      new UserError(
        "stacks: 1 problem in the arguments\n  --live: unknown option. Use --json or --help.\nnpm run stacks -- --help lists the options.",
      ),
    );
    rmSync(join(root, "stacks", "Pulumi.dev.yaml"));
    await expect(list({})).rejects.toThrow("stacks/: there is no stack file.");
  });
});
