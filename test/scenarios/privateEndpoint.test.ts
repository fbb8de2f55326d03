import { describe, expect, it } from "vitest";
import { readStackFile } from "../../infra/commands/shared/stackFile.ts";
import { rehearsed, root, smallCluster } from "./rehearsed.ts";

const cluster = smallCluster["calico-ebpf-eks:cluster"];
const { config: prod } = readStackFile({ stack: "prod" }, root);
const withCluster = (change: Readonly<Record<string, unknown>>) => ({
  ...smallCluster,
  "calico-ebpf-eks:cluster": { ...cluster, ...change },
});

describe("A rehearsal reaches the endpoint from where Pulumi runs:", () => {
  it("prod, by the range that its settings let in", async () => {
    const { problems } = await rehearsed({ config: prod });

    expect(problems).toEqual([]);
  });

  it("not prod, when its security group opens to the nodes alone", async () => {
    const { privateAccessCidrs: _, ...closed } = prod["calico-ebpf-eks:cluster"] as Record<string, unknown>;
    const { problems } = await rehearsed({
      config: { ...prod, "calico-ebpf-eks:cluster": { ...closed, publicAccessCidrs: [] } },
    });

    expect(problems.join("\n")).toContain("configured Kubernetes cluster is unreachable");
    expect(problems.join("\n")).toContain("the endpoint is private only, and Pulumi runs outside");
  });

  it("not from a bastion with a public endpoint, until a rule allows it", async () => {
    const world = { client: "10.60.0.10" };
    const closed = await rehearsed({ config: withCluster({}), world });
    const open = await rehearsed({ config: withCluster({ privateAccessCidrs: ["10.60.0.0/16"] }), world });

    expect(closed.problems.join("\n")).toContain("lets 10.60.0.10 in on TCP 443");
    expect(open.problems).toEqual([]);
  });

  it("with a security group of a network that was there before", async () => {
    const vpcId = "vpc-0a1b2c3d4e5f67890";
    const runner = "sg-0a1b2c3d4e5f67890";
    const subnet = (letter: string, zone: string, cidrBlock: string) => ({
      type: "aws:ec2/subnet:Subnet",
      id: `subnet-0000000000000000${letter}`,
      inputs: { vpcId, availabilityZone: `eu-west-1${zone}`, cidrBlock },
    });
    const existing = [
      {
        type: "aws:ec2/vpc:Vpc",
        id: vpcId,
        inputs: { cidrBlock: "10.40.0.0/16", enableDnsHostnames: true, enableDnsSupport: true },
      },
      subnet("a", "a", "10.40.255.240/28"),
      subnet("b", "b", "10.40.255.224/28"),
      subnet("c", "a", "10.40.0.0/20"),
      { type: "aws:ec2/securityGroup:SecurityGroup", id: runner, inputs: { vpcId, name: "runner" } },
      {
        type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        id: "sgr-0a1b2c3d4e5f67890",
        inputs: { securityGroupId: runner, ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" },
      },
    ];
    const { problems, leftBehind } = await rehearsed({
      config: {
        ...withCluster({ publicAccessCidrs: [], privateAccessSecurityGroupIds: [runner] }),
        "calico-ebpf-eks:network": {
          existing: {
            vpcId,
            controlPlaneSubnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
            nodeSubnetIds: ["subnet-0000000000000000c"],
          },
        },
      },
      world: { existing },
      until: "destroy",
    });

    expect(problems).toEqual([]);
    expect(leftBehind).toEqual([]);
  });
});
