import type { AddonEvent, kubeProxyState } from "../kubernetes/addons.ts";
import type { NodeReport } from "../kubernetes/felix.ts";
import type { KubernetesObject } from "../kubernetes/object.ts";
import type { ProviderDouble } from "../protocol/provider.ts";
import type { ComponentDouble } from "../protocol/serve.ts";

/** The kubernetes provider's own plugin, and what it finds. */
export interface Plugin {
  /** Folder of its executable. */
  readonly folder: string;
  /** Helm repository that has the operator's chart. */
  readonly chartRepository: string;
  /** Certificate of that repository, in PEM. */
  readonly certificate: string;
}

/** The Kubernetes half of a world, in memory or on a real API server. */
export interface KubernetesDouble {
  /** The provider; undefined: it is the plugin. */
  readonly provider?: ProviderDouble;
  /** The plugin; undefined: the provider is a double. */
  plugin?(): Promise<Plugin>;
  /** Kubeconfig for the plugin. */
  pluginKubeconfig?(): Promise<string>;
  /** Tells that an EKS add-on was created, updated or deleted; resolves when its objects are there. */
  onAddon(event: AddonEvent): void | Promise<void>;
  /** calico-node on every node. */
  reports(): readonly NodeReport[];
  /** kube-proxy as it is. */
  kubeProxy(): ReturnType<typeof kubeProxyState>;
  /** What is in the cluster; empty when there is none. Of a real one, the kinds that this rehearsal follows. */
  contents(): readonly KubernetesObject[];
  /** A component of this provider that looks at the cluster. Default: the component looks at nothing. */
  asking?(component: ComponentDouble): ComponentDouble;
  stop(): Promise<void>;
}
