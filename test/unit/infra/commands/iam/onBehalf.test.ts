import { describe, expect, it } from "vitest";
import { networkActions } from "../../../../../infra/commands/iam/facts/networkActions.ts";
import { type Access, serviceLinkedRoles } from "../../../../../infra/commands/iam/facts/scopes.ts";
import { serviceActions } from "../../../../../infra/commands/iam/facts/serviceActions.ts";
import { iamPolicies, knownTypes } from "../../../../../infra/commands/iam/policies.ts";
import { callsOnBehalf } from "../../../../scenarios/onBehalf.ts";
import { type AccessRequest, statementsOf, verdict } from "../../../../simulator/aws/policies.ts";

const account = "111122223333";
const roles = `arn:aws:iam::${account}:role`;
const key = `arn:aws:kms:eu-west-1:${account}:key/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789`;

const created = (type: string, inputs: Record<string, unknown>) => ({ type, inputs, outputs: {} });
const cluster = created("aws:eks/cluster:Cluster", {
  roleArn: `${roles}/dev-eksRole-role-1`,
  encryptionConfig: { provider: { keyArn: key } },
});
const nodeGroup = (capacityType: string) =>
  created("aws:eks/nodeGroup:NodeGroup", { nodeRoleArn: `${roles}/dev-node-1`, capacityType });
const endpoint = created("aws:ec2/vpcEndpoint:VpcEndpoint", {
  subnetIds: ["subnet-1"],
  privateDnsEnabled: true,
});

/** Whether IAM allows a request by the policies that `npm run iam` prints. */
function allowing(spot: boolean, access: Access = "up"): (request: AccessRequest) => boolean {
  const place = {
    partition: "aws",
    region: "eu-west-1",
    accountId: account,
    clusterName: "dev",
    secretsKey: "create",
    permissionsBoundary: undefined,
    attachedPolicies: [],
    spot,
    podIdentity: false,
  };
  const documents = iamPolicies({ types: knownTypes, lookups: [], access, place });
  const statements = documents.flatMap((one) => statementsOf(JSON.stringify(one)));
  return (request) => statements.some((one) => verdict(one, request) === "Allow");
}

const denied = (allows: (request: AccessRequest) => boolean, ...resources: ReturnType<typeof created>[]) =>
  callsOnBehalf(resources, account)
    .filter((request) => !allows(request))
    .map(({ action, resource }) => `${action} ${resource}`);

const spotRole = `${roles}/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`;

describe("what AWS asks IAM in the caller's name", () => {
  it("is this, for a cluster, a node group and an endpoint", () => {
    const calls = callsOnBehalf([cluster, nodeGroup("ON_DEMAND"), endpoint], account);
    const linked = `${roles}/aws-service-role`;

    expect(calls.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      `iam:GetRole ${linked}/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`,
      `iam:CreateServiceLinkedRole ${linked}/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`,
      "ec2:DescribeSubnets *",
      "ec2:DescribeVpcs *",
      `iam:GetRole ${roles}/dev-eksRole-role-1`,
      `kms:DescribeKey ${key}`,
      `kms:CreateGrant ${key}`,
      `iam:GetRole ${linked}/eks-nodegroup.amazonaws.com/AWSServiceRoleForAmazonEKSNodegroup`,
      `iam:CreateServiceLinkedRole ${linked}/eks-nodegroup.amazonaws.com/AWSServiceRoleForAmazonEKSNodegroup`,
      "ec2:DescribeSubnets *",
      "ec2:DescribeLaunchTemplateVersions *",
      `iam:GetRole ${roles}/dev-node-1`,
      `iam:ListAttachedRolePolicies ${roles}/dev-node-1`,
      "route53:AssociateVPCWithHostedZone arn:aws:route53:::hostedzone/Z0123456789ABC",
    ]);
  });

  it("is allowed to the role that runs up", () => {
    expect(denied(allowing(false), cluster, nodeGroup("ON_DEMAND"), endpoint)).toEqual([]);
    expect(denied(allowing(true), cluster, nodeGroup("ON_DEMAND"), nodeGroup("SPOT"), endpoint)).toEqual([]);
  });

  it("includes the role for spot instances only where a pool is on the spot market", () => {
    expect(denied(allowing(false), nodeGroup("SPOT"))).toEqual([
      `iam:GetRole ${spotRole}`,
      `iam:CreateServiceLinkedRole ${spotRole}`,
    ]);
  });

  it("is not allowed to a preview, which creates nothing", () => {
    const preview = denied(allowing(true, "preview"), cluster, nodeGroup("SPOT"));

    expect(preview.filter((one) => one.includes("/aws-service-role/"))).toHaveLength(6);
  });

  it("allows no service-linked role of another service", () => {
    const resource = `${roles}/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing`;

    expect(allowing(true)({ action: "iam:GetRole", resource, context: {} })).toBe(false);
  });

  it("is in the table of what each type's creation needs", () => {
    const rows: Readonly<
      Record<string, { readonly create: readonly string[]; readonly read: readonly string[] }>
    > = { ...serviceActions, ...networkActions };
    const missing = [cluster, nodeGroup("SPOT"), endpoint].flatMap((one) => {
      const { create = [], read = [] } = rows[one.type] ?? {};
      return callsOnBehalf([one], account).filter(({ action }) => ![...create, ...read].includes(action));
    });

    expect(missing).toEqual([]);
    expect(Object.values(serviceLinkedRoles).filter(({ type }) => rows[type] === undefined)).toEqual([]);
  });
});
