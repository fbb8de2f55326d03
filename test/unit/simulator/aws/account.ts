import { Buffer } from "node:buffer";
import { Aws, type AwsOptions } from "../../../simulator/aws/aws.ts";
import { types } from "../../../simulator/aws/types.ts";
import type { State, Subject, Values } from "../../../simulator/protocol/provider.ts";
import { Activity } from "../../../simulator/world/activity.ts";

export function subjectOf(type: string, name: string): Subject {
  return { urn: `urn:pulumi:dev::test::${type}::${name}`, type, name };
}

function trusting(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
}

const userData = [
  "MIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="b"',
  "",
  "--b",
  "Content-Type: application/node.eks.aws",
  "",
  "apiVersion: node.eks.aws/v1alpha1",
  "kind: NodeConfig",
  "--b--",
  "",
].join("\n");

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** A simulated account in which a second passes in no time, and the calls that the engine would make. */
export class Account {
  readonly activity = new Activity({ millisecondsPerSecond: 0.001, stallMilliseconds: 25 });
  readonly aws: Aws;

  constructor(options: Partial<AwsOptions> = {}) {
    this.aws = new Aws({ region: "eu-west-1", ...options, activity: this.activity });
  }

  /** Checks and creates, as the engine does. */
  async create(type: string, name: string, inputs: Values): Promise<State> {
    const checked = this.aws.check(subjectOf(type, name), undefined, inputs);
    if (checked.failures.length > 0) throw new Error(checked.failures.join("; "));
    return this.aws.create(subjectOf(type, name), checked.inputs, false);
  }

  async createId(type: string, name: string, inputs: Values): Promise<string> {
    return (await this.create(type, name, inputs)).id;
  }

  failures(type: string, inputs: Values): string[] {
    return this.aws.check(subjectOf(type, "x"), undefined, inputs).failures;
  }

  /** Updates with the inputs as they are and one change. */
  async update(type: string, id: string, change: Values): Promise<Values> {
    const object = this.aws.find(type, id);
    const subject = { urn: object?.urn ?? "", type, name: object?.urn.split("::").at(-1) ?? "" };
    return this.aws.update(subject, id, object?.inputs ?? {}, { ...object?.inputs, ...change }, false);
  }

  async delete(type: string, id: string): Promise<void> {
    await this.aws.delete(subjectOf(type, "x"), id);
  }

  vpc(name = "vpc", cidrBlock = "10.40.0.0/16"): Promise<string> {
    return this.createId(types.vpc, name, { cidrBlock, enableDnsHostnames: true, enableDnsSupport: true });
  }

  subnet(vpcId: string, zone: string, cidrBlock: string): Promise<string> {
    return this.createId(types.subnet, `${zone}-${cidrBlock}`, {
      vpcId,
      cidrBlock,
      availabilityZone: `eu-west-1${zone}`,
    });
  }

  role(name: string, service: string): Promise<State> {
    return this.create(types.role, name, { assumeRolePolicy: trusting(service) });
  }

  attach(role: string, policy: string): Promise<string> {
    const policyArn = `arn:aws:iam::aws:policy/${policy}`;
    return this.createId(types.rolePolicyAttachment, `${role}-${policy}`, { role, policyArn });
  }
}

export interface Network {
  readonly vpcId: string;
  readonly controlPlaneSubnetIds: string[];
  readonly nodeSubnetId: string;
}

/** A VPC with two small subnets for a control plane and one for nodes. */
export async function network(account: Account): Promise<Network> {
  const vpcId = await account.vpc();
  return {
    vpcId,
    controlPlaneSubnetIds: [
      await account.subnet(vpcId, "a", "10.40.0.0/28"),
      await account.subnet(vpcId, "b", "10.40.0.16/28"),
    ],
    nodeSubnetId: await account.subnet(vpcId, "a", "10.40.16.0/20"),
  };
}

/** Inputs of a cluster that is accepted. */
export async function clusterInputs(account: Account, subnetIds: string[]): Promise<Values> {
  const role = await account.role("eks", "eks.amazonaws.com");
  return {
    name: "dev",
    version: "1.35",
    roleArn: role.outputs["arn"] ?? "",
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
    bootstrapSelfManagedAddons: false,
    vpcConfig: { subnetIds, endpointPrivateAccess: true, endpointPublicAccess: false },
  };
}

export interface ClusterWorld extends Network {
  readonly nodeRole: string;
  readonly nodeSecurityGroupId: string;
  /** The rule that lets nodes reach the control plane. */
  readonly toControlPlane: Values;
  readonly templateId: string;
  /** Inputs of a node group that is accepted. */
  readonly group: Values;
}

/** A cluster and all that a node group needs, in working order except for the rule to the control plane. */
export async function cluster(account: Account): Promise<ClusterWorld> {
  const net = await network(account);
  const { outputs } = await account.create(
    types.cluster,
    "dev",
    await clusterInputs(account, net.controlPlaneSubnetIds),
  );
  const role = await account.role("node", "ec2.amazonaws.com");
  for (const policy of ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"]) {
    await account.attach(role.id, policy);
  }
  const nodeSecurityGroupId = await account.createId(types.securityGroup, "nodes", { vpcId: net.vpcId });
  await account.createId(types.egressRule, "nodes", {
    securityGroupId: nodeSecurityGroupId,
    ipProtocol: "-1",
    cidrIpv4: "0.0.0.0/0",
  });
  const templateId = await account.createId(types.launchTemplate, "nodes", {
    vpcSecurityGroupIds: [nodeSecurityGroupId],
    userData: base64(userData),
  });
  const vpcConfig = outputs["vpcConfig"] as Values;
  return {
    ...net,
    nodeRole: role.id,
    nodeSecurityGroupId,
    templateId,
    toControlPlane: {
      securityGroupId: vpcConfig["clusterSecurityGroupId"] ?? "",
      referencedSecurityGroupId: nodeSecurityGroupId,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    },
    group: {
      clusterName: "dev",
      nodeRoleArn: role.outputs["arn"] ?? "",
      subnetIds: [net.nodeSubnetId],
      amiType: "AL2023_x86_64_STANDARD",
      instanceTypes: ["m7i.large"],
      scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 4 },
      version: "1.35",
      releaseVersion: "1.35.7-20260903",
      launchTemplate: { id: templateId, version: "1" },
    },
  };
}

/** The same, with the rule, and with a Kubernetes in which every node turns Ready at once. */
export async function workingCluster(account: Account): Promise<ClusterWorld> {
  const world = await cluster(account);
  await account.createId(types.ingressRule, "to-control-plane", world.toControlPlane);
  account.activity.onChange(() => {
    for (const instance of account.aws.instances.values()) instance.ready = true;
  });
  return world;
}
