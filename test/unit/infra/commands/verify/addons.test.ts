import { expect, it } from "vitest";
import { listOf } from "./fakeApi.ts";
import { deployment, failures, judgedAt } from "./judgedAt.ts";

const coreDns = (available: number) => deployment("coredns", { available, manager: "eks" });

const daemonSet = {
  metadata: {
    name: "eks-pod-identity-agent",
    namespace: "kube-system",
    managedFields: [{ manager: "kube-controller-manager" }, { manager: "eks" }],
  },
  spec: { selector: { matchLabels: { app: "agent" } } },
  status: { desiredNumberScheduled: 2, numberAvailable: 2 },
};

const judged = (deployments: readonly object[], daemonSets: readonly object[] = [daemonSet], more = {}) =>
  judgedAt("add-ons", {
    "/apis/apps/v1/deployments": listOf(...deployments),
    "/apis/apps/v1/daemonsets": listOf(...daemonSets),
    ...more,
  });

it("passes where what EKS and the program's charts install has all its pods", async () => {
  const { verdict, findings } = await judged([
    coreDns(2),
    deployment("metrics-server", { wanted: 1 }),
    deployment("someone-elses", { available: 0 }),
  ]);

  expect(verdict).toBe("passed");
  expect(findings.map(({ evidence }) => evidence)).toEqual([
    "Deployment kube-system/coredns: 2 of 2 pods available",
    "Deployment kube-system/metrics-server: 1 of 1 pod available",
    "DaemonSet kube-system/eks-pod-identity-agent: 2 of 2 pods available",
  ]);
});

it("fails where a pod is missing, and says what it waits for", async () => {
  const conditions = [{ type: "PodScheduled", status: "False", message: "0/2 nodes are available" }];
  const waiting = {
    metadata: { name: "coredns-2", namespace: "kube-system" },
    spec: { containers: [{ name: "coredns" }] },
    status: { phase: "Pending", conditions },
  };

  expect(
    failures(await judged([coreDns(1)], [], { "/api/v1/namespaces/kube-system/pods": listOf(waiting) })),
  ).toEqual([
    "Deployment kube-system/coredns: 1 of 2 pods available: pod coredns-2 is not ready: 0/2 nodes are available",
  ]);
});

it("fails where Kubernetes refuses the pods, in its words", async () => {
  const message = 'pods "metrics-server-1" is forbidden: exceeded quota';
  const refused = {
    ...deployment("metrics-server", { available: 0 }),
    status: { conditions: [{ type: "ReplicaFailure", status: "True", message }] },
  };

  expect(failures(await judged([refused], []))).toEqual([
    `Deployment kube-system/metrics-server: 0 of 2 pods available: ${message}`,
  ]);
});

it("fails where someone has scaled it to 0", async () => {
  expect(failures(await judged([deployment("coredns", { wanted: 0, manager: "eks" })], []))).toEqual([
    "Deployment kube-system/coredns is scaled to 0",
  ]);
});

it("passes a DaemonSet that fits no node, such as a parked kube-proxy", async () => {
  const parked = { ...daemonSet, status: { desiredNumberScheduled: 0 } };

  expect((await judged([], [parked])).verdict).toBe("passed");
});

it("does not apply where neither EKS nor the program has installed anything", async () => {
  expect((await judged([deployment("coredns")], [])).verdict).toBe("not applicable");
});
