import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readExistingSettings } from "../../components/checks/existing/readSettings.ts";
import { readStackFile } from "../../infra/commands/shared/stackFile.ts";
import { originOf } from "../../infra/commands/shared/stackSettings.ts";
import { contents, keys, seededCluster, stackOn } from "./existingInMemory.ts";
import { rehearsed, root } from "./rehearsed.ts";

const example = (name: string) =>
  readStackFile({ file: join(root, "stacks", "examples", `Pulumi.${name}.yaml`) }, root);

const vpcId = "vpc-0a1b2c3d4e5f67890";
const subnet = (letter: string, availabilityZone: string, cidrBlock: string) => ({
  type: "aws:ec2/subnet:Subnet",
  id: `subnet-0000000000000000${letter}`,
  inputs: { vpcId, availabilityZone, cidrBlock },
});

/** The VPC that two of the examples name. */
const existing = [
  {
    type: "aws:ec2/vpc:Vpc",
    id: vpcId,
    inputs: { cidrBlock: "10.40.0.0/16", enableDnsHostnames: true, enableDnsSupport: true },
  },
  subnet("a", "eu-west-1a", "10.40.255.240/28"),
  subnet("b", "eu-west-1b", "10.40.255.224/28"),
  subnet("c", "eu-west-1a", "10.40.0.0/20"),
];

describe("the example stack file", { timeout: 180_000 }, () => {
  it.each([
    { name: "trial", pools: ["AL2023_ARM_64_STANDARD"] },
    { name: "private", world: { existing }, pools: ["BOTTLEROCKET_x86_64"] },
    { name: "three-zones", pools: ["AL2023_x86_64_STANDARD"] },
    { name: "amazon-vpc-cni", pools: ["AL2023_x86_64_STANDARD"] },
    { name: "existing-vpc", world: { existing }, pools: ["AL2023_x86_64_STANDARD"] },
    {
      name: "spot-and-mixed",
      pools: ["AL2023_x86_64_STANDARD", "AL2023_x86_64_STANDARD", "BOTTLEROCKET_ARM_64"],
    },
  ])(
    "$name comes up, shows no change afterwards and leaves nothing behind",
    async ({ name, world, pools }) => {
      const { problems, leftBehind, resources } = await rehearsed({
        config: example(name).config,
        ...(world === undefined ? {} : { world }),
        until: "destroy",
      });

      expect(problems).toEqual([]);
      expect(leftBehind).toEqual([]);
      const groups = resources.filter(({ type }) => type === "aws:eks/nodeGroup:NodeGroup");
      expect(groups.map(({ inputs }) => inputs["amiType"]).toSorted()).toEqual(pools);
    },
  );

  it("existing-cluster switches the data path of a cluster and gives everything back", async () => {
    const { settings } = readExistingSettings(originOf(example("existing-cluster")));
    expect(settings?.cluster).toEqual({ kind: "eks", name: "platform" });
    const cluster = await seededCluster();
    const before = contents(cluster);
    const { engine, configure, end } = await stackOn(cluster);
    configure({ calico: settings?.calico ?? {}, kubeProxy: settings?.kubeProxy ?? "Running" });
    try {
      await engine.up();
      expect(cluster.at(keys.felix, "spec.bpfEnabled")).toBe(true);
      expect(cluster.kubernetes.kubeProxy()).toBe("Parked");
      await engine.refresh();
      await engine.destroy();
      expect(cluster.kubernetes.kubeProxy()).toBe("Running");
      expect(Object.keys(contents(cluster))).toEqual(Object.keys(before));
    } finally {
      await end();
    }
  });
});
