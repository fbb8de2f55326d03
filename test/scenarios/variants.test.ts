import * as aws from "@pulumi/aws";
import { describe, expect, it } from "vitest";
import type { Rehearsal } from "../rehearsal/rehearsal.ts";
import { rehearsed, smallCluster } from "./rehearsed.ts";

const cluster = smallCluster["calico-ebpf-eks:cluster"];

const vpcId = "vpc-0a1b2c3d4e5f67890";
const controlPlaneSubnetIds = ["subnet-0000000000000000a", "subnet-0000000000000000b"];
const nodeSubnetIds = ["subnet-0000000000000000c"];

/** A VPC with three subnets that someone else made. */
const existing = [
  {
    type: "aws:ec2/vpc:Vpc",
    id: vpcId,
    inputs: { cidrBlock: "10.40.0.0/16", enableDnsHostnames: true, enableDnsSupport: true },
  },
  subnet("subnet-0000000000000000a", "eu-west-1a", "10.40.255.240/28"),
  subnet("subnet-0000000000000000b", "eu-west-1b", "10.40.255.224/28"),
  subnet("subnet-0000000000000000c", "eu-west-1a", "10.40.0.0/20"),
];

function subnet(id: string, availabilityZone: string, cidrBlock: string) {
  return { type: "aws:ec2/subnet:Subnet", id, inputs: { vpcId, availabilityZone, cidrBlock } };
}

describe("A rehearsal passes", () => {
  it("in a network that was there before, and leaves it there", async () => {
    const { problems, leftBehind, resources } = await rehearsed({
      config: {
        "aws:region": "eu-west-1",
        "calico-ebpf-eks:cluster": cluster,
        "calico-ebpf-eks:network": { existing: { vpcId, controlPlaneSubnetIds, nodeSubnetIds } },
      },
      world: { existing },
      until: "destroy",
    });

    expect(problems).toEqual([]);
    expect(leftBehind).toEqual([]);
    expect(resources.filter(({ type }) => /vpc:Vpc|subnet:Subnet/.test(type))).toEqual([]);
  });

  it("with iptables and kube-proxy", async () => {
    const { problems, checks } = await rehearsed({
      config: {
        ...smallCluster,
        "calico-ebpf-eks:calico": {
          dataplane: "Iptables",
          externalService: "Tunnel",
          encapsulation: "VXLANCrossSubnet",
        },
        "calico-ebpf-eks:kubeProxy": "Running",
      },
    });

    expect(problems).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["the dataplane is Iptables on every node", "kube-proxy is Running"]),
    );
  });

  it("in three zones with a NAT gateway each, and leaves nothing behind", async () => {
    const { problems, leftBehind, resources } = await rehearsed({
      config: {
        ...smallCluster,
        "calico-ebpf-eks:network": {
          nodeZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
          natGateway: "PerZone",
        },
        "calico-ebpf-eks:calico": { externalService: "Tunnel" },
      },
      until: "destroy",
    });

    expect(problems).toEqual([]);
    expect(leftBehind).toEqual([]);
    expect(resources.filter(({ type }) => type === "aws:ec2/natGateway:NatGateway")).toHaveLength(3);
  });

  it("with load balancers and volumes: the controllers run at the end, and nothing is left behind", async () => {
    const { problems, leftBehind, resources } = await rehearsed({
      config: {
        ...smallCluster,
        "calico-ebpf-eks:loadBalancers": true,
        "calico-ebpf-eks:storage": { ebs: true },
      },
      until: "destroy",
    });
    const names = (type: string) => resources.filter((one) => one.type === type).map(({ name }) => name);

    expect(problems).toEqual([]);
    expect(leftBehind).toEqual([]);
    expect(names("kubernetes:apps/v1:Deployment")).toContain(
      "aws-load-balancer-controller:kube-system/aws-load-balancer-controller",
    );
    expect(names("aws:eks/addon:Addon")).toContain("aws-ebs-csi-driver");
    expect(names("kubernetes:storage.k8s.io/v1:StorageClass")).toEqual(["ebs-gp3"]);
    expect(names("aws:ec2/subnet:Subnet")).toContain("calico-ebpf-eks-dev-network-load-balancer-eu-west-1b");
  });

  it("with a private network, Bottlerocket on spot with AL2023 on arm64, bare pods and a parked kube-proxy", async () => {
    const { problems, resources } = await rehearsed({
      config: {
        "aws:region": "us-east-1",
        "calico-ebpf-eks:cluster": cluster,
        "calico-ebpf-eks:network": { natGateway: "None" },
        "calico-ebpf-eks:calico": {
          registry: "111122223333.dkr.ecr.us-east-1.amazonaws.com/quay",
          encapsulation: "None",
        },
        "calico-ebpf-eks:nodePools": {
          spot: { family: "Bottlerocket", capacity: "SPOT" },
          arm: { architecture: "arm64", taints: [{ key: "arm", effect: "NoSchedule" }] },
        },
        "calico-ebpf-eks:kubeProxy": "Parked",
      },
    });

    expect(problems).toEqual([]);
    expect(resources.filter(({ type }) => type === "aws:ec2/natGateway:NatGateway")).toEqual([]);
  });
});

describe("The roles of the eks component, too,", () => {
  const permissionsBoundary = "arn:aws:iam::111122223333:policy/boundary";
  const flowLogs = { "calico-ebpf-eks:network": { flowLogs: true } };
  const roles = ({ resources }: Rehearsal) =>
    resources
      .filter(({ type }) => type === "aws:iam/role:Role")
      .map(({ name, inputs }) => [name, inputs["permissionsBoundary"], inputs["tags"]])
      .toSorted();

  it("get the boundary and the tags of the stack", async () => {
    const rehearsal = await rehearsed({
      config: {
        ...smallCluster,
        ...flowLogs,
        "calico-ebpf-eks:iam": { permissionsBoundary },
        "calico-ebpf-eks:tags": { team: "net" },
      },
    });

    expect(rehearsal.problems).toEqual([]);
    expect(roles(rehearsal)).toEqual([
      ["calico-ebpf-eks-dev-eksRole-role", permissionsBoundary, { team: "net" }],
      [
        "calico-ebpf-eks-dev-network-flow-logs",
        permissionsBoundary,
        { team: "net", Name: "calico-ebpf-eks-dev-network-flow-logs" },
      ],
      ["calico-ebpf-eks-dev-node", permissionsBoundary, { team: "net" }],
    ]);
  });
});

describe("Nothing is registered for an admin who has access already:", () => {
  const roleArn = "arn:aws:iam::111122223333:role/teams/deployer";
  const refused = async (change: Readonly<Record<string, unknown>>, admin: string) => {
    const config = { ...smallCluster, "calico-ebpf-eks:cluster": { ...cluster, admins: [admin] }, ...change };
    const { problems, resources } = await rehearsed({ config, until: "preview" });
    expect(resources).toEqual([]);
    return problems.join("\n");
  };

  it("the role that the provider assumes", async () => {
    expect(await refused({ "calico-ebpf-eks:account": { roleArn } }, roleArn)).toContain(
      `cluster.admins[0]: ${roleArn} creates the cluster`,
    );
  });

  it("the user who calls", async () => {
    const user = "arn:aws:iam::111122223333:user/rehearsal";
    expect(await refused({}, user)).toContain(`cluster.admins[0]: ${user} creates the cluster`);
    expect(await refused({ "calico-ebpf-eks:account": { roleArn } }, user)).toBe("");
  });
});

describe("Nothing is registered", () => {
  it("through a default provider, which would reach whatever account is at hand", async () => {
    const forgetful = async () => {
      new aws.ec2.Vpc("vpc", { cidrBlock: "10.40.0.0/16" });
    };
    const { problems } = await rehearsed({ program: forgetful, until: "preview" });

    expect(problems).toEqual([
      "Default provider for 'aws' disabled. 'urn:pulumi:dev::calico-ebpf-eks::aws:ec2/vpc:Vpc::vpc' must use an explicit provider.",
    ]);
  });
});
