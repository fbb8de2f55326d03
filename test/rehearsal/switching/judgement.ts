import type { Moment, Serving } from "../../simulator/realKubernetes/history.ts";
import type { KubernetesDouble } from "../../simulator/world/kubernetesDouble.ts";
import type { World } from "../../simulator/world/world.ts";

/** What happened between two versions of a cluster. */
export interface Judgement {
  /** Names of nodes that were Ready while, at some moment, neither eBPF nor kube-proxy served services there. */
  readonly unserved: readonly string[];
  /** Names of nodes that were Ready while, at some moment, eBPF was off there. */
  readonly offBpf: readonly string[];
  /** Version of the last moment at which Felix and kube-proxy fought over a node's iptables rules; undefined: never. */
  readonly lastFight: number | undefined;
  /** How often CoreDNS was rolled. */
  readonly coreDnsRolls: number;
  /** Version at which CoreDNS was rolled last; undefined: never. */
  readonly lastRoll: number | undefined;
}

/** Evaluates the moments after one version, up to another. */
export function judge(
  moments: readonly Moment[],
  since: number,
  until = Number.POSITIVE_INFINITY,
): Judgement {
  const start = moments.findLast(({ version }) => version <= since);
  const during = moments.filter(({ version }) => version > since && version <= until);
  const readyNodes = during.flatMap(({ nodes }) => [...nodes].filter(([, { ready }]) => ready));
  const namesWhere = (test: (serving: Serving) => boolean) => [
    ...new Set(readyNodes.filter(([, serving]) => test(serving)).map(([name]) => name)),
  ];
  const fights = during.filter(
    ({ nodes, cleansUp }) => cleansUp && [...nodes.values()].some(({ bpf, kubeProxy }) => bpf && kubeProxy),
  );
  const rolls = during.filter(({ coreDnsTemplate }, index) => {
    const before = index === 0 ? start : during[index - 1];
    return before?.coreDnsTemplate !== undefined && coreDnsTemplate !== before.coreDnsTemplate;
  });
  return {
    unserved: namesWhere(({ bpf, kubeProxy }) => !bpf && !kubeProxy),
    offBpf: namesWhere(({ bpf }) => !bpf),
    lastFight: fights.at(-1)?.version,
    coreDnsRolls: rolls.length,
    lastRoll: rolls.at(-1)?.version,
  };
}

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
