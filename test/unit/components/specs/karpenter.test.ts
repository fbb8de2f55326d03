import { describe, expect, it } from "vitest";
import {
  interruptionQueuePolicy,
  karpenterStatements,
  karpenterValues,
} from "../../../../components/specs/karpenter.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

const values = (changes: SettingsChange = {}) =>
  karpenterValues(settings({ autoscaling: "Karpenter", ...changes }), "platform-karpenter-0a1b2c3");

describe("Karpenter's chart", () => {
  it("gets the cluster, its queue and its region, and resolves names without the cluster's DNS", () => {
    expect(values({ region: "eu-north-1", cluster: { name: "platform" } })).toEqual({
      fullnameOverride: "karpenter",
      serviceAccount: { name: "karpenter" },
      replicas: 2,
      dnsPolicy: "Default",
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" },
      ],
      controller: {
        image: { repository: "public.ecr.aws/karpenter/controller" },
        env: [{ name: "AWS_REGION", value: "eu-north-1" }],
        resources: { requests: { cpu: "250m", memory: "1Gi" }, limits: { memory: "1Gi" } },
      },
      settings: { clusterName: "platform", interruptionQueue: "platform-karpenter-0a1b2c3" },
    });
  });

  const one = { min: 1, desired: 1, max: 4 };
  const taints = [{ key: "gpu", effect: "NoSchedule" }] as const;

  it.each<[string, SettingsChange["nodePools"], number]>([
    ["two pools of one node", { a: { size: one }, b: { size: one } }, 2],
    ["one node", { a: { size: one } }, 1],
    ["one node and a pool whose taint it does not tolerate", { a: { size: one }, b: { taints } }, 1],
    [
      "one node and a pool whose taint it tolerates",
      { a: { size: one }, b: { taints: [{ key: "CriticalAddonsOnly", effect: "NoSchedule" }] } },
      2,
    ],
    [
      "one node and a pool that pods merely avoid",
      { a: { size: one }, b: { taints: [{ key: "gpu", effect: "PreferNoSchedule" }] } },
      2,
    ],
  ])("has as many replicas as nodes can hold, at most two: %s", (_name, nodePools, replicas) => {
    expect(values({ ...(nodePools && { nodePools }) }).replicas).toBe(replicas);
  });

  it("asks for no prices where nodes have no way to the internet, and takes its image from a mirror", () => {
    const closed = values({
      network: { natGateway: "None" },
      charts: { registry: "registry.example.com/ecr-public" },
    });

    expect(closed.settings.isolatedVPC).toBe(true);
    expect(closed.controller.image.repository).toBe("registry.example.com/ecr-public/karpenter/controller");
  });
});

describe("Karpenter's permissions", () => {
  const statements = karpenterStatements({
    partition: "aws",
    region: "eu-west-1",
    accountId: "111122223333",
    clusterName: "platform",
    nodeRoleArn: "arn:aws:iam::111122223333:role/platform-node-0a1b2c3",
    queueArn: "arn:aws:sqs:eu-west-1:111122223333:platform-karpenter-0a1b2c3",
  });
  const of = (action: string) => statements.filter(({ actions }) => actions.includes(action));
  const reads = /:(Describe|Get|List)|^sqs:ReceiveMessage$/;

  it("end instances and launch templates that carry this cluster's tag only", () => {
    expect(of("ec2:TerminateInstances")).toEqual([
      {
        effect: "Allow",
        actions: ["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"],
        resources: ["arn:aws:ec2:eu-west-1:*:instance/*", "arn:aws:ec2:eu-west-1:*:launch-template/*"],
        conditions: {
          StringEquals: { "aws:ResourceTag/kubernetes.io/cluster/platform": ["owned"] },
          StringLike: { "aws:ResourceTag/karpenter.sh/nodepool": ["*"] },
        },
      },
    ]);
  });

  it("start nothing without the cluster's tags, and pass on the nodes' role alone", () => {
    const made = of("ec2:RunInstances").filter(({ resources }) =>
      resources.some((one) => one.includes(":instance/")),
    );

    expect(made.map(({ conditions }) => conditions)).toEqual([
      {
        StringEquals: {
          "aws:RequestTag/kubernetes.io/cluster/platform": ["owned"],
          "aws:RequestTag/eks:eks-cluster-name": ["platform"],
        },
        StringLike: { "aws:RequestTag/karpenter.sh/nodepool": ["*"] },
      },
    ]);
    expect(of("iam:PassRole").map(({ resources }) => resources)).toEqual([
      ["arn:aws:iam::111122223333:role/platform-node-0a1b2c3"],
    ]);
  });

  it("write nothing in IAM, and everything that they write is held by a tag or by its name", () => {
    const writes = statements.filter(({ actions }) => actions.some((action) => !reads.test(action)));
    const open = writes.filter(
      ({ conditions, resources }) => Object.keys(conditions).length === 0 && resources.includes("*"),
    );

    expect(open).toEqual([]);
    expect(
      statements.flatMap(({ actions }) => actions).filter((one) => /^iam:/.test(one) && !reads.test(one)),
    ).toEqual(["iam:PassRole"]);
  });

  it("fit into the inline policies of a role", () => {
    expect(JSON.stringify(statements).length).toBeLessThan(10_240);
  });
});

it("only the rule puts messages into the queue, and nothing uses it without TLS", () => {
  const { Statement } = JSON.parse(interruptionQueuePolicy({ queueArn: "arn:queue", ruleArn: "arn:rule" }));

  expect(Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: "arn:queue",
      Condition: { ArnEquals: { "aws:SourceArn": "arn:rule" } },
    },
    {
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: "arn:queue",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
});
