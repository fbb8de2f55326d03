import { expect, it, onTestFinished } from "vitest";
import { kubeProxyStaysAway } from "../../../../../infra/commands/verify/checks/kubeProxy.ts";
import { liveAt, startFakeApi } from "./fakeApi.ts";

const parked = { nodeSelector: { "non-calico": "true" } };

async function findings(podSpec: object, desiredNumberScheduled = 0) {
  const api = await startFakeApi({
    "/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy": {
      metadata: { name: "kube-proxy" },
      spec: { template: { spec: podSpec } },
      status: { desiredNumberScheduled },
    },
  });
  onTestFinished(() => api.stop());
  return kubeProxyStaysAway.run(liveAt(api.url));
}

it("kube-proxy that is kept to nodes of which there are none stays away", async () => {
  expect(await findings(parked)).toEqual([
    { verdict: "passed", evidence: "DaemonSet kube-proxy is limited to nodes with label non-calico" },
  ]);
});

it("kept away by node affinity, it stays away too", async () => {
  const expression = { key: "non-calico", operator: "In", values: ["true"] };
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [expression] }],
      },
    },
  };

  expect(await findings({ nodeSelector: { "kubernetes.io/os": "linux" }, affinity })).toMatchObject([
    { verdict: "passed" },
  ]);
});

it("an update of the add-on that takes the selector away brings it back with the next node", async () => {
  expect(await findings({ nodeSelector: { "kubernetes.io/os": "linux" } })).toEqual([
    { verdict: "failed", evidence: "DaemonSet kube-proxy exists, and nothing keeps it from nodes" },
  ]);
});

it("a node that carries the label gets it", async () => {
  expect(await findings(parked, 1)).toEqual([
    { verdict: "failed", evidence: "DaemonSet kube-proxy exists, and 1 nodes have label non-calico" },
  ]);
});
