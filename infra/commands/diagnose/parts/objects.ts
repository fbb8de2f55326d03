import type { Live } from "../../verify/check.ts";
import type { Collection } from "../collection.ts";

const calico = "/apis/crd.projectcalico.org/v1";
const operator = "/apis/operator.tigera.io/v1";

/** Objects and lists by the file that they go into. Secrets are not among them, and never are to be. */
const paths: Readonly<Record<string, string>> = {
  nodes: "/api/v1/nodes",
  installation: `${operator}/installations`,
  "api-server": `${operator}/apiservers`,
  "tigera-statuses": `${operator}/tigerastatuses`,
  "felix-configurations": `${calico}/felixconfigurations`,
  "ip-pools": `${calico}/ippools`,
  "block-affinities": `${calico}/blockaffinities`,
  "calico-daemon-sets": "/apis/apps/v1/namespaces/calico-system/daemonsets",
  "calico-deployments": "/apis/apps/v1/namespaces/calico-system/deployments",
  "calico-pods": "/api/v1/namespaces/calico-system/pods",
  "operator-deployments": "/apis/apps/v1/namespaces/tigera-operator/deployments",
  "operator-pods": "/api/v1/namespaces/tigera-operator/pods",
  "system-daemon-sets": "/apis/apps/v1/namespaces/kube-system/daemonsets",
  "system-deployments": "/apis/apps/v1/namespaces/kube-system/deployments",
  "validating-webhooks": "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
  "mutating-webhooks": "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
  "api-services": "/apis/apiregistration.k8s.io/v1/apiservices",
  "load-balancers-and-other-services": "/api/v1/services",
};

const endpointMaps = ["tigera-operator", "kube-system"] as const;

/** Collects what the API server keeps of Calico and of what it depends on. */
export async function collectObjects({ cluster }: Live, collection: Collection): Promise<void> {
  const lists = Object.entries(paths).map(([name, path]) =>
    collection.attempt(`GET ${path}`, async () => {
      const found = await cluster.list(path, (object) => object);
      if (found !== undefined) collection.addObject(`objects/${name}.json`, found);
    }),
  );
  const maps = endpointMaps.map((namespace) => {
    const path = `/api/v1/namespaces/${namespace}/configmaps/kubernetes-services-endpoint`;
    return collection.attempt(`GET ${path}`, async () => {
      const found = await cluster.get(path);
      if (found !== undefined) collection.addObject(`objects/endpoint-${namespace}.json`, found);
    });
  });
  await Promise.all([...lists, ...maps]);
}
