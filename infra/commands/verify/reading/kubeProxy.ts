import { oncePerRun } from "../once.ts";

/** DaemonSet kube-proxy as far as it is looked at. */
export interface KubeProxyDaemonSet {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly nodeSelector?: Readonly<Record<string, string>>;
        readonly affinity?: unknown;
      };
    };
  };
  readonly status?: { readonly desiredNumberScheduled?: number };
}

/** DaemonSet kube-proxy; undefined: there is none. */
export const kubeProxyDaemonSet = oncePerRun(({ cluster }) =>
  cluster.get<KubeProxyDaemonSet>("/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy"),
);
