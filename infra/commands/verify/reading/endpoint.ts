import type { Live } from "../check.ts";
import { oncePerRun } from "../once.ts";
import { installation } from "./calico.ts";

const name = "kubernetes-services-endpoint";

/** ConfigMap from which Calico learns where the API server is. */
export interface EndpointConfigMap {
  readonly namespace: string;
  /** `host:port`; undefined: there is no ConfigMap, or it does not say. */
  readonly address: string | undefined;
}

/** Where nodes are to reach the API server, `host:port`. */
export function expectedEndpoint({ target, cluster }: Live): string {
  const { hostname, port } = new URL(target.endpoint ?? cluster.server);
  return `${hostname}:${port || 443}`;
}

/** The ConfigMap, in the namespace of whatever installed Calico. */
export const endpointConfigMap = oncePerRun(async (live): Promise<EndpointConfigMap> => {
  const namespace = (await installation(live)) === undefined ? "kube-system" : "tigera-operator";
  const found = await live.cluster.get<{ data?: Readonly<Record<string, string>> }>(
    `/api/v1/namespaces/${namespace}/configmaps/${name}`,
  );
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = found?.data ?? {};
  return { namespace, address: host === undefined ? undefined : `${host}:${port}` };
});
