import type { KubernetesDouble } from "../../simulator/world/kubernetesDouble.ts";
import type { World } from "../../simulator/world/world.ts";

/** Names of the nodes that were Ready and unserved at some moment from now on: the set grows while the world lives. */
export function watchUnserved({ activity, cloud, kubernetes }: World<KubernetesDouble>): ReadonlySet<string> {
  const unserved = new Set<string>();
  activity.onChange(() => {
    if (kubernetes.kubeProxy() === "Running") return;
    const ready = [...cloud.instances.values()].filter((one) => one.ready).map(({ nodeName }) => nodeName);
    for (const { nodeName, bpf } of kubernetes.reports()) {
      if (!bpf && ready.includes(nodeName)) unserved.add(nodeName);
    }
  });
  return unserved;
}
