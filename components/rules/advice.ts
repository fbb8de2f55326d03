import { kubernetesVersions } from "../facts/kubernetesVersions.ts";
import { benchmarkRange, documentationRanges, privateRanges } from "../facts/reservedRanges.ts";
import { within } from "./cidr.ts";
import { isBurstable } from "./instanceType.ts";
import { lookUp } from "./lookUp.ts";
import { quotaAdvice } from "./quotas.ts";
import type { NodePoolSettings, Settings, Surroundings } from "./settings/settings.ts";
import { isoDate } from "./versions.ts";

const millisecondsPerDay = 86_400_000;

/** How long before the end of standard support it is mentioned. */
const noticeDays = 60;

/** What is worth knowing about settings that are sound, a sentence each, in the order of the stack file. */
export function advice(settings: Settings, today: Date): string[] {
  return [
    ...supportEnds(settings, today),
    ...endpoint(settings),
    ...pools(settings),
    ...publicPods(settings),
    ...directReplies(settings),
    ...besideKubeProxy(settings),
    ...quotaAdvice(settings),
  ];
}

/** What is worth knowing once the stack has said what it was. */
export function surroundingsAdvice(
  { observability }: Settings,
  { previous }: Pick<Surroundings, "previous">,
): string[] {
  if (observability.prometheus === "None" || previous !== undefined) return [];
  return [
    "observability.prometheus: no Prometheus operator can be in a cluster that is new; the first `pulumi up` ends at its kinds, with all else in place. Install it then and run `pulumi up` again, or leave None until then.",
  ];
}

function supportEnds({ cluster: { kubernetesVersion, support } }: Settings, today: Date): string[] {
  const until = lookUp(kubernetesVersions, kubernetesVersion)?.standardUntil;
  const notice = isoDate(new Date(today.getTime() + noticeDays * millisecondsPerDay));
  if (until === undefined || until < isoDate(today) || until > notice) return [];
  const then =
    support === "STANDARD" ? "AWS then upgrades the cluster by itself" : "it then costs six times as much";
  return [`cluster.kubernetesVersion: standard support of ${kubernetesVersion} ends on ${until}; ${then}.`];
}

function endpoint({ cluster: { publicAccessCidrs } }: Settings): string[] {
  if (publicAccessCidrs.length === 0) {
    return [
      "cluster.publicAccessCidrs: the endpoint is private only, so Pulumi must run inside the VPC or a network connected to it.",
    ];
  }
  const examples = publicAccessCidrs.filter((cidr) =>
    documentationRanges.some((range) => within(cidr, range)),
  );
  return examples.map(
    (cidr) =>
      `cluster.publicAccessCidrs: ${cidr} is an example that nobody has, and EKS refuses it; write your own.`,
  );
}

function pools({ nodePools }: Settings): string[] {
  return Object.entries(nodePools).flatMap(([name, pool]) => onePool(`nodePools.${name}`, pool));
}

function onePool(path: string, { release, instanceTypes }: NodePoolSettings): string[] {
  const burstable = instanceTypes.filter(isBurstable);
  return [
    ...(release === "latest"
      ? [
          `${path}.release: latest is looked up at every run, so that a run may replace nodes; pin a release to decide when.`,
        ]
      : []),
    ...(burstable.length > 0
      ? [
          `${path}.instanceTypes: ${burstable.join(", ")} is throttled once its CPU credits are gone, Calico with it.`,
        ]
      : []),
  ];
}

/** Packets to such addresses stay in the cluster, whoever has them outside. */
function publicPods({ calico: { podCidr } }: Settings): string[] {
  if ([...privateRanges, benchmarkRange].some((range) => within(podCidr, range))) return [];
  return [
    `calico.podCidr: ${podCidr} is not a private range; pods and nodes cannot reach the hosts on the internet that have these addresses.`,
  ];
}

function directReplies({ calico: { dataplane, externalService, dsrOptOutCidrs } }: Settings): string[] {
  if (dataplane !== "BPF" || externalService !== "DSR" || dsrOptOutCidrs.includes("0.0.0.0/0")) return [];
  return [
    "calico.externalService: DSR does not work for clients behind a load balancer, which expects replies from the node it asked; list them in dsrOptOutCidrs, or use externalTrafficPolicy: Local.",
  ];
}

function besideKubeProxy({ calico: { dataplane }, kubeProxy }: Settings): string[] {
  if (dataplane !== "BPF" || kubeProxy !== "Running") return [];
  return [
    "kubeProxy: Running beside the BPF dataplane is for a trial; it costs memory and does nothing for services.",
  ];
}
