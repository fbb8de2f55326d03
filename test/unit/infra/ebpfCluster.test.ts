import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { type Recorded, record, recordRefusal } from "../../../infra/commands/shared/plan/recorder.ts";
import { EbpfCluster, type EbpfClusterArgs } from "../../../infra/ebpfCluster.ts";
import { program } from "../../../infra/program.ts";
import { stackConfig } from "../../support/stackConfig.ts";

// Recording the whole program takes a second, and a busy machine makes it many.
vi.setConfig({ testTimeout: 60_000 });

const args: EbpfClusterArgs = { region: "eu-west-1", cluster: { publicAccessCidrs: ["198.18.0.0/15"] } };

const everything = {
  networkPolicies: { defaultDeny: ["shop"] },
  observability: { prometheus: "Operator", flows: true },
} as const;

const cluster = (changes: object = {}, name = "platform") => new EbpfCluster(name, { ...args, ...changes });

const registered = (resources: readonly Recorded[]) =>
  resources
    .filter(({ type }) => type !== "calico-ebpf-eks:index:EbpfCluster")
    .map(({ type, name }) => `${type} ${name}`)
    .toSorted();

/** URNs from a resource to the stack. */
function ancestors({ parent }: Recorded, resources: readonly Recorded[]): string[] {
  const above = resources.find(({ urn }) => urn === parent);
  return above === undefined ? [] : [above.urn, ...ancestors(above, resources)];
}

describe("EbpfCluster", () => {
  it("registers what the program registers for a stack file that says the same", async () => {
    const name = { cluster: { name: "platform-dev" } };
    const stack = await record(program, { config: stackConfig({ ...everything, ...name }) });
    const component = await record(async () => void cluster(everything));

    expect(registered(component.resources)).toEqual(registered(stack.resources));
    expect(stack.resources.length).toBeGreaterThan(60);
  });

  it("holds all of it, providers included", async () => {
    const { resources } = await record(async () => void cluster(everything));
    const [own, ...others] = resources;

    expect(own?.type).toBe("calico-ebpf-eks:index:EbpfCluster");
    expect(others.filter((one) => !ancestors(one, resources).includes(own?.urn ?? ""))).toEqual([]);
  });

  it("takes the network of pods, with the reply path that a stack file gets by it", async () => {
    const onVpcCni: EbpfClusterArgs = { ...args, calico: { cni: "AmazonVPC" } };
    const { resources } = await record(async () => void new EbpfCluster("platform", onVpcCni));
    const spec = (kind: string) => resources.find(({ inputs }) => inputs["kind"] === kind)?.inputs["spec"];

    expect(spec("Installation")).toMatchObject({ cni: { type: "AmazonVPC", ipam: { type: "AmazonVPC" } } });
    expect(spec("FelixConfiguration")).toMatchObject({ bpfExternalServiceMode: "Tunnel" });
  });

  it("gives out what a stack gives out", async () => {
    const { result } = await record(async () => {
      const { clusterName, kubeconfig, nodeSubnetIds, fixed } = cluster();
      const secret = await pulumi.isSecret(kubeconfig);
      return { secret, given: await promised(pulumi.output({ clusterName, nodeSubnetIds, fixed })) };
    });

    expect(result.secret).toBe(true);
    expect(result.given).toMatchObject({
      clusterName: "platform-dev",
      nodeSubnetIds: [expect.stringContaining("platform-dev")],
      fixed: { region: "eu-west-1", name: "platform-dev", podCidr: "192.168.0.0/16" },
    });
  });

  it("keeps a name that is given", async () => {
    const named = { cluster: { ...args.cluster, name: "production" } };
    const { resources } = await record(async () => void cluster(named));

    expect(resources.map(({ type, name }) => `${type} ${name}`)).toContain("eks:index:Cluster production");
  });
});

describe("EbpfCluster refuses, with nothing registered,", () => {
  const refusal = async (changes: object) => {
    const { error, resources } = await recordRefusal(() => cluster(changes));
    expect(resources).toEqual([]);
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    return (error as Error).message.split("\n");
  };

  it("everything that a stack file is refused for, by the same words", async () => {
    const changes = {
      region: "mars",
      nodePools: { arm: { architecture: "arm64", instanceTypes: ["m7i.large"] } },
      kubeproxy: "Absent",
    };

    expect(await refusal(changes)).toEqual([
      "calico-ebpf-eks: 2 problems in the arguments of EbpfCluster platform",
      "  region: mars; must be the name of an AWS region. Write it like eu-west-1.",
      expect.stringMatching(/^ {2}kubeproxy: .*kubeProxy/),
    ]);
    expect(await refusal({ nodePools: changes.nodePools })).toEqual([
      "calico-ebpf-eks: 1 problem in the arguments of EbpfCluster platform",
      "  nodePools.arm.instanceTypes[0]: m7i.large is x86_64; the pool's architecture is arm64. Use m7g.large, or architecture: x86_64.",
    ]);
  });

  it("a second cluster in one stack, and takes one in the next stack", async () => {
    const { error, resources } = await recordRefusal(() => {
      cluster({}, "blue");
      cluster({}, "green");
    });

    expect((error as Error).message).toContain(
      "EbpfCluster green: the stack has EbpfCluster blue; a stack holds one cluster",
    );
    expect(resources.filter(({ name }) => name === "green")).toEqual([]);
    await expect(record(async () => void cluster({}, "green"))).resolves.toBeDefined();
  });

  it("outputs and promises, by their paths", async () => {
    const changes = {
      region: Promise.resolve("eu-west-1"),
      cluster: { publicAccessCidrs: [pulumi.output("198.18.0.0/15")] },
    };

    expect((await refusal(changes)).slice(1)).toEqual([
      expect.stringMatching(/^ {2}region: a promise; settings are checked before anything is registered\./),
      expect.stringMatching(/^ {2}cluster\.publicAccessCidrs\[0\]: an output of another resource;/),
    ]);
  });

  it("an existing cluster, which has its own program", async () => {
    const lines = await refusal({ cluster: { existing: { eksName: "platform" } } });

    expect(lines.join("\n")).toContain("cluster.existing");
  });
});

function promised<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}
