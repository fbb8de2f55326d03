import type { ClusterSnapshot } from "../../../../components/checks/existing/snapshot.ts";
import { readCluster } from "../../../../infra/existing/readCluster.ts";
import { type ExistingChange, existingSettings } from "../../../support/existing.ts";
import { type Answer, clusterOf, type FakeApiServer, startApiServer } from "./apiServer.ts";

export const system = "/apis/apps/v1/namespaces/kube-system";
export const reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

const workload = (name: string, image = "x:v1.2.3", labels = {}) => ({
  metadata: { name, labels },
  spec: { template: { spec: { containers: [{ name, image }] } } },
});

/** What every cluster here answers: Calico by its operator, kube-proxy by kubeadm, CoreDNS. */
export const byOperator: Readonly<Record<string, Answer>> = {
  "/version": {},
  "/api/v1/nodes": { items: [{ metadata: { name: "n" }, status: { nodeInfo: { kernelVersion: "6.8.0" } } }] },
  [`${system}/daemonsets`]: {
    items: [workload("kube-proxy"), workload("aws-node", "cni:v1.22.4-eksbuild.1")],
  },
  "/apis/operator.tigera.io/v1/installations/default": { status: { calicoVersion: "v3.32.4" } },
  "/apis/apps/v1/namespaces/tigera-operator/deployments/tigera-operator": workload("tigera-operator"),
  "/apis/crd.projectcalico.org/v1/felixconfigurations": {
    items: [{ metadata: { name: "default" }, spec: { healthPort: 9099 } }],
  },
  "/apis/crd.projectcalico.org/v1/ippools": {
    items: [{ metadata: { name: "p" }, spec: { cidr: "10.0.0.0/8" } }],
  },
  "/api/v1/namespaces/default/services/kubernetes": { spec: { clusterIP: "10.96.0.1" } },
  "/api/v1/namespaces/kube-system/services/kube-dns": { spec: { clusterIP: "10.96.0.10" } },
  "/api/v1/namespaces/kube-system/configmaps/kube-proxy": { data: { "config.conf": "mode: ipvs" } },
  "/api/v1/namespaces/tigera-operator/configmaps/kubernetes-services-endpoint": { data: { a: "operator" } },
  "/api/v1/namespaces/kube-system/configmaps/kubernetes-services-endpoint": { data: { a: "manifest" } },
  [`${system}/deployments`]: {
    items: [workload("coredns", "c:v1", { "k8s-app": "kube-dns" }), workload("metrics-server")],
  },
  [reviews]: { status: { allowed: true } },
};

export const byManifest: typeof byOperator = {
  ...byOperator,
  "/apis/operator.tigera.io/v1/installations/default": 404,
  [`${system}/daemonsets`]: { items: [workload("calico-node", "quay.io/calico/node:v3.32.4")] },
  [`${system}/deployments/calico-typha`]: workload("calico-typha"),
  [`${system}/deployments/calico-kube-controllers`]: workload("calico-kube-controllers"),
};

/** What AWS says of every node. */
export const fromAws = { interfaces: [], rules: [] };

/** A cluster as it is read, and the server that was read. The caller stops that. */
export async function readFrom(
  answers: Readonly<Record<string, Answer>>,
  change: ExistingChange = {},
  allowed: (attributes: Readonly<Record<string, string>>) => boolean = () => true,
): Promise<{ readonly found: ClusterSnapshot; readonly server: FakeApiServer }> {
  const server = await startApiServer((path, body) => {
    const bare = path.split("?")[0] ?? "";
    if (bare !== reviews) return answers[bare];
    const { spec } = body as { spec: { resourceAttributes: Record<string, string> } };
    return { status: { allowed: allowed(spec.resourceAttributes) } };
  });
  try {
    return {
      found: await readCluster(clusterOf(server), existingSettings(change), async () => fromAws),
      server,
    };
  } catch (error) {
    await server.stop();
    throw Object.assign(error as Error, { requests: server.requests() });
  }
}
