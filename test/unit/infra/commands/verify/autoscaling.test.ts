import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { listOf } from "./fakeApi.ts";
import { deployment, failures, judgedAt } from "./judgedAt.ts";

const goTime = (minutesAgo: number) =>
  `${new Date(Date.now() - minutesAgo * 60_000).toISOString().replace("T", " ").replace("Z", "750398")} +0000 UTC`;

const group = {
  name: "eks-general-a2c1d3e4",
  health: {
    status: "Healthy",
    nodeCounts: { registered: { total: 2, ready: 2 } },
    cloudProviderTarget: 2,
    minSize: 2,
    maxSize: 10,
  },
  scaleUp: { status: "NoActivity" },
};

const status = { time: goTime(0), autoscalerStatus: "Running", nodeGroups: [group] };

const seen = "eks-general-a2c1d3e4: 2 of 2 nodes ready, between 2 and 10";

describe("cluster-autoscaler", () => {
  const judged = (change: object = {}, workload: object = deployment("cluster-autoscaler", { wanted: 1 })) =>
    judgedAt("cluster-autoscaler", {
      "/apis/apps/v1/deployments": listOf(workload),
      "/api/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status": {
        data: { status: stringify({ ...status, ...change }) },
      },
    });

  it("passes where it runs and sees its groups", async () => {
    const { verdict, findings } = await judged();

    expect(verdict).toBe("passed");
    expect(findings.map(({ evidence }) => evidence)).toEqual([
      "Deployment kube-system/cluster-autoscaler: 1 of 1 pod available",
      seen,
    ]);
  });

  it.each<[string, object, string]>([
    [
      "it has not read the groups",
      { autoscalerStatus: "Initializing", nodeGroups: undefined },
      "it is Initializing: it has not read the groups from AWS",
    ],
    [
      "it finds none",
      { nodeGroups: [] },
      "no Auto Scaling group has the tags k8s.io/cluster-autoscaler/enabled and k8s.io/cluster-autoscaler/CLUSTER",
    ],
    [
      "a group is unhealthy",
      { nodeGroups: [{ ...group, health: { ...group.health, status: "Unhealthy" } }] },
      `${seen}; it is Unhealthy, so its size is not changed`,
    ],
    [
      "AWS has refused a node",
      {
        nodeGroups: [
          {
            ...group,
            scaleUp: {
              status: "Backoff",
              backoffInfo: { errorCode: "AccessDenied", errorMessage: "not authorized" },
            },
          },
        ],
      },
      `${seen}; it pauses after a node failed to start: AccessDenied not authorized`,
    ],
  ])("fails where %s", async (_, change, evidence) => {
    expect(failures(await judged(change))).toEqual([evidence]);
  });

  it("fails where it has stopped to write its status, and not after four minutes", async () => {
    const time = goTime(6);

    expect(failures(await judged({ time }))).toEqual([
      `ConfigMap cluster-autoscaler-status was written 6 min ago, at ${time}`,
    ]);
    expect((await judged({ time: goTime(4) })).verdict).toBe("passed");
  });

  it("fails without a pod", async () => {
    const down = deployment("cluster-autoscaler", { wanted: 1, available: 0 });

    expect(failures(await judged({}, down))).toEqual([
      "Deployment kube-system/cluster-autoscaler: 0 of 1 pod available: the cluster does not say why",
    ]);
  });

  it("does not know what a status from before 1.30 says", async () => {
    const { verdict } = await judgedAt("cluster-autoscaler", {
      "/apis/apps/v1/deployments": listOf(deployment("cluster-autoscaler")),
      "/api/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status": {
        data: { status: "Cluster-autoscaler status at 2020-11-25:\nInitializing" },
      },
    });

    expect(verdict).toBe("unknown");
  });

  it("knows the chart's own name, and does not apply to another Deployment", async () => {
    const labels = { "app.kubernetes.io/name": "aws-cluster-autoscaler" };
    const other = deployment("ca-aws-cluster-autoscaler");

    expect((await judged({}, { ...other, metadata: { ...other.metadata, labels } })).verdict).toBe("passed");
    expect((await judged({}, deployment("coredns"))).verdict).toBe("not applicable");
  });
});

describe("karpenter", () => {
  const object = (name: string, ...conditions: readonly object[]) => ({
    metadata: { name },
    status: { conditions },
  });
  const ready = { type: "Ready", status: "True" };
  const judged = (change: { classes?: object[]; pools?: object[]; controller?: object[] } = {}) => {
    const { classes = [object("general", ready)], pools = [object("general", ready)] } = change;
    const { controller = [deployment("karpenter")] } = change;
    return judgedAt("karpenter", {
      "/apis/apps/v1/deployments": listOf(...controller),
      "/apis/karpenter.sh/v1/nodepools": listOf(...pools),
      "/apis/karpenter.k8s.aws/v1/ec2nodeclasses": listOf(...classes),
    });
  };

  it("passes where its controller, NodePools and EC2NodeClasses are ready", async () => {
    const { verdict, findings } = await judged();

    expect(verdict).toBe("passed");
    expect(findings.map(({ evidence }) => evidence)).toEqual([
      "Deployment kube-system/karpenter: 2 of 2 pods available",
      "EC2NodeClass general is ready",
      "NodePool general is ready",
    ]);
  });

  const denied = {
    type: "AMIsReady",
    status: "False",
    reason: "AMINotFound",
    message: "AMISelector did not match any AMIs",
  };
  const unregistered = {
    type: "NodeRegistrationHealthy",
    status: "False",
    reason: "RegistrationFailed",
    message: "Failed to register node",
  };

  it.each<[string, Parameters<typeof judged>[0], string]>([
    [
      "an EC2NodeClass finds no AMI",
      { classes: [object("general", { ...ready, status: "False" }, denied)] },
      "EC2NodeClass general: AMIsReady: AMISelector did not match any AMIs",
    ],
    [
      "nodes of a NodePool do not join, although it is ready",
      { pools: [object("general", ready, unregistered)] },
      "NodePool general: NodeRegistrationHealthy: Failed to register node",
    ],
    [
      "nothing has looked at a NodePool",
      { pools: [object("general")] },
      "NodePool general: Karpenter has not processed it yet",
    ],
    ["its controller is gone", { controller: [] }, "there is no Deployment karpenter in kube-system"],
  ])("fails where %s", async (_, change, evidence) => {
    expect(failures(await judged(change))).toEqual([evidence]);
  });

  it("passes where no pool may grow", async () => {
    expect((await judged({ classes: [], pools: [] })).verdict).toBe("passed");
  });

  it("does not apply without it, nor to NodePools of EKS Auto Mode", async () => {
    expect((await judged({ classes: [], controller: [] })).verdict).toBe("not applicable");
  });
});
