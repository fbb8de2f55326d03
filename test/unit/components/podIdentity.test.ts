import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { PodIdentity, type PodIdentityArgs } from "../../../components/eksAddons.ts";
import { roleName } from "../../../components/specs/addons.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find, namesOf, registered, topLevel, untagged } from "../../support/graph.ts";
import { Stub } from "../../support/stub.ts";

const tags = { team: "net" };
const roleType = "aws:iam/role:Role";
const policyType = "aws:iam/rolePolicy:RolePolicy";
const attachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const associationType = "aws:eks/podIdentityAssociation:PodIdentityAssociation";

const identity = async (changes: Partial<PodIdentityArgs> = {}, name = "dev-pod-orders") => {
  const { resources } = await record(
    () =>
      new PodIdentity(name, {
        clusterName: "dev",
        deletedWith: new Stub("cluster"),
        agent: new Stub("agent"),
        namespace: "shop",
        serviceAccount: "orders",
        managedPolicyArns: ["arn:aws:iam::111122223333:policy/teams/queue"],
        statements: [
          {
            effect: "Allow",
            actions: ["s3:GetObject"],
            resources: ["arn:aws:s3:::orders/*"],
            conditions: { Bool: { "aws:SecureTransport": ["true"] } },
          },
        ],
        permissionsBoundary: undefined,
        tags,
        ...changes,
      }),
  );
  return resources.filter(({ type }) => type !== "test:index:Stub");
};

const resources = await identity();
const inputs = (type: string) => find(resources, type).inputs;

describe("PodIdentity", () => {
  it("registers a role, its policies and an association, below itself, tagged", () => {
    expect(registered(resources)).toEqual([
      "aws:eks/podIdentityAssociation:PodIdentityAssociation dev-pod-orders",
      "aws:iam/role:Role dev-pod-orders",
      "aws:iam/rolePolicy:RolePolicy dev-pod-orders",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment dev-pod-orders-queue",
      "calico-ebpf-eks:index:PodIdentity dev-pod-orders",
    ]);
    expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:PodIdentity dev-pod-orders"]);
    expect(untagged(resources, tags)).toEqual([]);
  });

  it("trusts EKS Pod Identity for this service account and no other", () => {
    expect(JSON.parse(String(inputs(roleType)["assumeRolePolicy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Condition: {
            StringEquals: {
              "aws:RequestTag/kubernetes-namespace": "shop",
              "aws:RequestTag/kubernetes-service-account": "orders",
            },
          },
        },
      ],
    });
  });

  it("allows what the statements say", () => {
    expect(JSON.parse(String(inputs(policyType)["policy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::orders/*"],
          Condition: { Bool: { "aws:SecureTransport": ["true"] } },
        },
      ],
    });
  });

  it("has a boundary only where one is set", async () => {
    const permissionsBoundary = "arn:aws:iam::111122223333:policy/boundary";

    expect(inputs(roleType)).not.toHaveProperty("permissionsBoundary");
    expect(find(await identity({ permissionsBoundary }), roleType).inputs).toMatchObject({
      permissionsBoundary,
    });
  });

  it("has no policy of either kind where none is set", async () => {
    const bare = await identity({ managedPolicyArns: [], statements: [] });

    expect(namesOf(bare, policyType)).toEqual([]);
    expect(namesOf(bare, attachmentType)).toEqual([]);
  });

  it("takes statements that are known only later", async () => {
    const statements = pulumi.output([
      { effect: "Allow" as const, actions: ["sqs:SendMessage"], resources: ["*"], conditions: {} },
    ]);
    const { policy } = find(await identity({ statements }), policyType).inputs;

    expect(JSON.parse(String(policy))).toEqual({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["sqs:SendMessage"], Resource: ["*"] }],
    });
  });

  it("associates the role once it is allowed everything, and goes with the cluster, which the role does not", async () => {
    const { resources: all } = await record(
      () =>
        new PodIdentity("dev-pod-orders", {
          clusterName: "dev",
          deletedWith: new Stub("cluster"),
          agent: new Stub("agent"),
          namespace: "shop",
          serviceAccount: "orders",
          managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
          permissionsBoundary: undefined,
          tags,
        }),
    );
    const association = find(all, associationType);

    expect(association.inputs).toEqual({
      clusterName: "dev",
      namespace: "shop",
      serviceAccount: "orders",
      roleArn: "arn:aws:iam::111122223333:role/dev-pod-orders",
      tags,
    });
    expect(dependenciesOf(all, association)).toEqual([
      "aws:iam/role:Role dev-pod-orders",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment dev-pod-orders-AmazonS3ReadOnlyAccess",
      "test:index:Stub agent",
    ]);
    expect(association.deletedWith).toBe(find(all, "test:index:Stub", "cluster").urn);
    expect(find(all, roleType).deletedWith).toBe("");
  });
});

describe("the name of a role", () => {
  it("stays as it is up to 56 characters, to which the provider adds eight", () => {
    const name = `${"c".repeat(32)}-pod-${"n".repeat(19)}`;

    expect(name).toHaveLength(56);
    expect(roleName(name)).toBe(name);
  });

  it("is shortened above that, and stays unique", () => {
    const long = (end: string) => roleName(`${"c".repeat(32)}-amazon-cloudwatch-observability-${end}`);

    expect(long("one")).toHaveLength(56);
    expect(long("one")).toMatch(/^c{32}-amazon-cloudw\S*-[0-9a-f]{7}$/);
    expect(long("one")).not.toBe(long("two"));
  });
});
