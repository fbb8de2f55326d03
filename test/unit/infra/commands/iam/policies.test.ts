import { describe, expect, it } from "vitest";
import { type Access, scopes } from "../../../../../infra/commands/iam/facts/scopes.ts";
import { lookupActions } from "../../../../../infra/commands/iam/facts/serviceActions.ts";
import {
  iamPolicies,
  knownTypes,
  largestPolicy,
  sizeOf,
} from "../../../../../infra/commands/iam/policies.ts";
import type { Place } from "../../../../../infra/commands/iam/statements.ts";

const place: Place = {
  partition: "aws",
  region: "eu-west-1",
  accountId: "111122223333",
  clusterName: "dev",
  secretsKey: "create",
  permissionsBoundary: undefined,
  attachedPolicies: ["AmazonEKSClusterPolicy"],
  spot: false,
  podIdentity: false,
};
const boundary = "arn:aws:iam::111122223333:policy/boundary";

const statements = (types: readonly string[], access: Access = "up", changes: Partial<Place> = {}) =>
  iamPolicies({ types, lookups: [], access, place: { ...place, ...changes } }).flatMap(
    ({ Statement }) => Statement,
  );

/** The statement that allows an action. */
const allowing = (action: string, changes: Partial<Place> = {}) => {
  const found = statements(knownTypes, "up", changes).filter(({ Action }) => Action.includes(action));
  return found.map(({ Resource, Condition }) =>
    Condition === undefined ? { Resource } : { Resource, Condition },
  );
};

describe("the policies for a stack", () => {
  it("allow the four operations of a type, each action once", () => {
    expect(
      iamPolicies({
        types: ["aws:ec2/route:Route", "aws:ec2/route:Route"],
        lookups: [],
        access: "up",
        place,
      }),
    ).toEqual([
      {
        Version: "2012-10-17",
        Statement: [
          { Sid: "Anything", Effect: "Allow", Action: ["ec2:DescribeRouteTables"], Resource: "*" },
          {
            Sid: "Ec2",
            Effect: "Allow",
            Action: ["ec2:CreateRoute", "ec2:DeleteRoute", "ec2:ReplaceRoute"],
            Resource: "arn:aws:ec2:eu-west-1:111122223333:*",
          },
        ],
      },
    ]);
  });

  it("allow a preview to read, and nothing else", () => {
    expect(statements(["aws:ec2/route:Route"], "preview").flatMap(({ Action }) => Action)).toEqual([
      "ec2:DescribeRouteTables",
    ]);
    const all = statements(knownTypes, "preview").flatMap(({ Action }) => Action);
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter((action) => !/^\w+:(Describe|Get|List)/.test(action))).toEqual([]);
  });

  it("allow what the program asks beforehand, in a preview, too", () => {
    const lookups = ["aws:ssm/getParameter:getParameter", "pulumi:pulumi:readStackOutputs"];

    expect(
      iamPolicies({ types: ["kubernetes:core/v1:Namespace"], lookups, access: "preview", place }),
    ).toEqual([
      {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Parameter",
            Effect: "Allow",
            Action: ["ssm:GetParameter"],
            Resource: "arn:aws:ssm:eu-west-1::parameter/aws/service/*",
          },
        ],
      },
    ]);
  });

  it("know every action's scope, and of no action that nothing calls", () => {
    const called = iamPolicies({
      types: knownTypes,
      lookups: Object.keys(lookupActions),
      access: "up",
      place,
    }).flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));

    expect(called.toSorted()).toEqual(Object.keys(scopes).toSorted());
  });

  it("refuse a type or a function whose actions are unknown", () => {
    expect(() => statements(["aws:s3/bucket:Bucket"])).toThrow(
      "the IAM actions of aws:s3/bucket:Bucket are not known; add them to infra/commands/iam/facts",
    );
    expect(() =>
      iamPolicies({ types: [], lookups: ["aws:ec2/getAmi:getAmi"], access: "preview", place }),
    ).toThrow("the IAM actions of aws:ec2/getAmi:getAmi are not known; add them to infra/commands/iam/facts");
  });

  it("are several where one would be too large, and no statement is lost", () => {
    const long = { ...place, clusterName: "a-cluster-name-of-32-characters-" };
    const policies = iamPolicies({ types: knownTypes, lookups: [], access: "up", place: long });

    expect(policies.length).toBeGreaterThan(1);
    expect(policies.map(sizeOf).filter((size) => size > largestPolicy)).toEqual([]);
    expect(policies.flatMap(({ Statement }) => Statement.map(({ Sid }) => Sid))).toEqual(
      statements(knownTypes).map(({ Sid }) => Sid),
    );
  });
});

describe("actions are held to", () => {
  const roles = "arn:aws:iam::111122223333:role/dev-*";

  it.each<[string, string, object]>([
    [
      "the cluster of the stack",
      "eks:UpdateClusterConfig",
      { Resource: "arn:aws:eks:eu-west-1:111122223333:cluster/dev" },
    ],
    [
      "what belongs to the cluster",
      "eks:DeleteNodegroup",
      {
        Resource: [
          "arn:aws:eks:eu-west-1:111122223333:access-entry/dev/*",
          "arn:aws:eks:eu-west-1:111122223333:addon/dev/*",
          "arn:aws:eks:eu-west-1:111122223333:nodegroup/dev/*",
        ],
      },
    ],
    [
      "the region, where AWS takes no resource",
      "eks:CreateCluster",
      { Resource: "*", Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } } },
    ],
    ["roles of the cluster's name", "iam:DeleteRole", { Resource: roles }],
    [
      "roles that are handed to services of AWS",
      "iam:PassRole",
      {
        Resource: roles,
        Condition: {
          StringEquals: {
            "iam:PassedToService": ["ec2.amazonaws.com", "eks.amazonaws.com", "vpc-flow-logs.amazonaws.com"],
          },
        },
      },
    ],
    [
      "the managed policies that the program attaches",
      "iam:AttachRolePolicy",
      {
        Resource: roles,
        Condition: { ArnEquals: { "iam:PolicyARN": ["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"] } },
      },
    ],
    [
      "the access policy that admins get",
      "eks:AssociateAccessPolicy",
      {
        Resource: "arn:aws:eks:eu-west-1:111122223333:access-entry/dev/*",
        Condition: {
          ArnEquals: {
            "eks:policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
          },
        },
      },
    ],
    [
      "instances that a launch template starts",
      "ec2:RunInstances",
      {
        Resource: [
          "arn:aws:ec2:eu-west-1:111122223333:*",
          "arn:aws:ec2:eu-west-1::image/*",
          "arn:aws:ec2:eu-west-1::snapshot/*",
        ],
        Condition: {
          ArnLike: { "ec2:LaunchTemplate": "arn:aws:ec2:eu-west-1:111122223333:launch-template/*" },
        },
      },
    ],
    [
      "the log groups of the stack",
      "logs:DeleteLogGroup",
      {
        Resource: [
          "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/eks/dev/cluster*",
          "arn:aws:logs:eu-west-1:111122223333:log-group:dev-network-flow-logs-*",
        ],
      },
    ],
    [
      "the cluster's alias, and keys that may get it",
      "kms:CreateAlias",
      {
        Resource: [
          "arn:aws:kms:eu-west-1:111122223333:alias/eks/dev",
          "arn:aws:kms:eu-west-1:111122223333:key/*",
        ],
      },
    ],
  ])("%s: %s", (_what, action, hold) => {
    expect(allowing(action)).toEqual([hold]);
  });

  it("the partition of the region", () => {
    const gov = { partition: "aws-us-gov", region: "us-gov-west-1" };

    expect(allowing("iam:DeleteRole", gov)).toEqual([
      { Resource: "arn:aws-us-gov:iam::111122223333:role/dev-*" },
    ]);
    expect(JSON.stringify(statements(knownTypes, "up", gov))).not.toMatch(/arn:aws:|eu-west-1/);
  });

  it("one key where the stack file names it, and to none where AWS's own encrypts", () => {
    const key = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789";
    const cluster = ["aws:eks/cluster:Cluster"];
    const ofKey = (secretsKey: string) =>
      statements(cluster, "up", { secretsKey })
        .filter(({ Sid }) => Sid === "Key")
        .map(({ Action, Resource }) => ({ Action, Resource }));

    expect(ofKey(key)).toEqual([{ Action: ["kms:CreateGrant", "kms:DescribeKey"], Resource: key }]);
    expect(ofKey("aws-owned")).toEqual([]);
  });

  it("the spot market's role only where instances are bought there", () => {
    const services = (spot: boolean) => JSON.stringify(allowing("iam:CreateServiceLinkedRole", { spot }));

    expect(services(true)).toContain('"spot.amazonaws.com"');
    expect(services(false)).not.toContain("spot");
  });
});

describe("a permissions boundary", () => {
  const bounded = { permissionsBoundary: boundary };

  it.each([
    "iam:CreateRole",
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:UpdateAssumeRolePolicy",
  ])("is demanded for %s, where there is one", (action) => {
    const demand = { StringEquals: { "iam:PermissionsBoundary": boundary } };

    expect(allowing(action, bounded)).toMatchObject([{ Condition: demand }]);
    expect(allowing(action)).not.toMatchObject([{ Condition: demand }]);
  });

  it("cannot be removed by a role that it bounds", () => {
    expect(allowing("iam:DeleteRolePermissionsBoundary", bounded)).toEqual([]);
    expect(allowing("iam:DeleteRolePermissionsBoundary")).toHaveLength(1);
  });
});
