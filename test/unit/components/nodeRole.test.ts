import { describe, expect, it } from "vitest";
import { NodeRole } from "../../../components/nodePool.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { find, registered, topLevel, untagged } from "../../support/graph.ts";
import { labels, resolved } from "../../support/outputs.ts";

const tags = { team: "net" };
const attachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const args = {
  partition: "aws",
  region: "eu-west-1",
  accountId: "111122223333",
  nodeSubnetIds: ["subnet-1", "subnet-2"],
  permissionsBoundary: undefined,
  policyArns: [],
  tags,
};

const { resources, result } = await record(() => new NodeRole("dev-node", args));

describe("NodeRole", () => {
  it("registers a role with three of AWS's policies and Felix's, and not the VPC CNI's", () => {
    expect(registered(resources)).toEqual([
      "aws:iam/role:Role dev-node",
      "aws:iam/rolePolicy:RolePolicy dev-node-felix",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment dev-node-AmazonEC2ContainerRegistryPullOnly",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment dev-node-AmazonEKSWorkerNodePolicy",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment dev-node-AmazonSSMManagedInstanceCore",
      "calico-ebpf-eks:index:NodeRole dev-node",
    ]);
  });

  it("is the parent of all of them, and tags the role", () => {
    expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:NodeRole dev-node"]);
    expect(untagged(resources, tags)).toEqual([]);
  });

  it("is for EC2 instances", () => {
    expect(JSON.parse(String(find(resources, "aws:iam/role:Role").inputs["assumeRolePolicy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
  });

  it("is bounded by a policy when there is one", async () => {
    const permissionsBoundary = "arn:aws:iam::111122223333:policy/boundary";
    const { resources: found } = await record(
      () => new NodeRole("dev-node", { ...args, permissionsBoundary }),
    );

    expect(find(found, "aws:iam/role:Role").inputs).toMatchObject({ permissionsBoundary });
    expect(find(resources, "aws:iam/role:Role").inputs).not.toHaveProperty("permissionsBoundary");
  });

  it("attaches further policies, AWS's and the account's, under names that differ", async () => {
    const policyArns = [
      "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
      "arn:aws:iam::aws:policy/service-role/AmazonSSMAutomationRole",
      "arn:aws:iam::111122223333:policy/CloudWatchAgentServerPolicy",
    ];
    const { resources: found } = await record(() => new NodeRole("dev-node", { ...args, policyArns }));
    const attached = (suffix: string) => find(found, attachmentType, `dev-node-${suffix}`).inputs;

    expect(registered(found)).toHaveLength(registered(resources).length + 3);
    expect(attached("CloudWatchAgentServerPolicy")).toEqual({ role: "dev-node", policyArn: policyArns[0] });
    expect(attached("service-role-AmazonSSMAutomationRole")).toMatchObject({ policyArn: policyArns[1] });
    expect(attached("own-CloudWatchAgentServerPolicy")).toMatchObject({ policyArn: policyArns[2] });
  });

  it("hands out further policies as something that nodes wait for", async () => {
    const policyArns = ["arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"];
    const { result: role } = await record(() => new NodeRole("dev-node", { ...args, policyArns }));

    expect(await labels(role.policies)).toContain(
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment dev-node-CloudWatchAgentServerPolicy",
    );
  });

  it.each([
    ["aws", "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"],
    ["aws-us-gov", "arn:aws-us-gov:iam::aws:policy/AmazonEKSWorkerNodePolicy"],
  ])("attaches the policies of partition %s", async (partition, policyArn) => {
    const { resources: found } = await record(() => new NodeRole("dev-node", { ...args, partition }));

    expect(find(found, attachmentType, "dev-node-AmazonEKSWorkerNodePolicy").inputs).toEqual({
      role: "dev-node",
      policyArn,
    });
  });

  it("lets Felix turn the source/destination check off in the node subnets, and nothing else", () => {
    const { role, policy } = find(resources, "aws:iam/rolePolicy:RolePolicy").inputs;

    expect(role).toBe("dev-node");
    expect(JSON.parse(String(policy))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "FindOwnNetworkInterface",
          Effect: "Allow",
          Action: "ec2:DescribeInstances",
          Resource: "*",
        },
        {
          Sid: "TurnSourceDestinationCheckOff",
          Effect: "Allow",
          Action: "ec2:ModifyNetworkInterfaceAttribute",
          Resource: "arn:aws:ec2:eu-west-1:111122223333:network-interface/*",
          Condition: {
            StringEqualsIgnoreCase: { "ec2:Attribute/SourceDestCheck": "false" },
            ArnEquals: {
              "ec2:Subnet": [
                "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1",
                "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-2",
              ],
            },
          },
        },
      ],
    });
  });

  it("hands out every policy, for nodes to come after", async () => {
    expect(await labels(result.policies)).toEqual([
      "aws:iam/rolePolicy:RolePolicy dev-node-felix",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment dev-node-AmazonEC2ContainerRegistryPullOnly",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment dev-node-AmazonEKSWorkerNodePolicy",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment dev-node-AmazonSSMManagedInstanceCore",
    ]);
    expect(await resolved(result.roleArn)).toBe("arn:aws:iam::111122223333:role/dev-node");
  });
});
