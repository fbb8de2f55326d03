import type { AddonEvent, kubeProxyState } from "../kubernetes/addons.ts";
import type { NodeReport } from "../kubernetes/felix.ts";
import type { KubernetesObject } from "../kubernetes/object.ts";
import type { ProviderDouble } from "../protocol/provider.ts";
import type { ComponentDouble } from "../protocol/serve.ts";

/** The Kubernetes half of a world, in memory or on a real API server: a provider, and what lives behind it. */
export interface KubernetesDouble extends ProviderDouble {
  /** Tells that an EKS add-on was created, updated or deleted. */
  onAddon(event: AddonEvent): void;
  /** calico-node on every node. */
  reports(): readonly NodeReport[];
  /** kube-proxy as it is. */
  kubeProxy(): ReturnType<typeof kubeProxyState>;
  /** What is in the cluster; empty when there is none. Of a real one, the kinds that this rehearsal follows. */
  contents(): readonly KubernetesObject[];
  /** For the provider's own plugin, which then takes the double's place; undefined: the double is the provider. */
  pluginKubeconfig?(): string | undefined;
  /** A component of this provider that looks at the cluster. Default: the component looks at nothing. */
  asking?(component: ComponentDouble): ComponentDouble;
  stop(): Promise<void>;
}
