import { kubernetesVersions } from "../facts/kubernetesVersions.ts";
import { benchmarkRange, documentationRanges, privateRanges } from "../facts/reservedRanges.ts";
import type { NodePoolSettings, Settings, Surroundings } from "../settings/settings.ts";
import { within } from "../values/cidr.ts";
import { isBurstable } from "../values/instanceType.ts";
import { lookUp } from "../values/lookUp.ts";
import { quotaAdvice } from "./quotas.ts";
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
  { cluster, network, observability }: Settings,
  { previous }: Pick<Surroundings, "previous">,
): string[] {
  if (previous !== undefined) return [];
  const isPrivate = cluster.publicAccessCidrs.length === 0;
  return [
    ...(isPrivate && network.existing === undefined ? [unconnected] : []),
    ...(observability.prometheus === "None" ? [] : [noOperatorYet]),
  ];
}

const unconnected =
  "cluster.publicAccessCidrs: this `pulumi up` makes the VPC, so that no network can be connected to it yet, and with a private endpoint only Pulumi gets no answer. Take a network that is there (network.existing), or list the address of this machine here until the VPC is connected.";

const noOperatorYet =
  "observability.prometheus: no Prometheus operator can be in a cluster that is new; the first `pulumi up` ends at its kinds, with all else in place. Install it then and run `pulumi up` again, or leave None until then.";

function supportEnds({ cluster: { kubernetesVersion, support } }: Settings, today: Date): string[] {
  const until = lookUp(kubernetesVersions, kubernetesVersion)?.standardUntil;
  const notice = isoDate(new Date(today.getTime() + noticeDays * millisecondsPerDay));
  if (until === undefined || until < isoDate(today) || until > notice) return [];
  const then =
    support === "STANDARD" ? "AWS then upgrades the cluster by itself" : "it then costs six times as much";
  return [`cluster.kubernetesVersion: standard support of ${kubernetesVersion} ends on ${until}; ${then}.`];
}

function endpoint({ cluster, network }: Settings): string[] {
  return [...publicEndpoint(cluster), ...privateEndpoint(cluster, network)];
}

function privateEndpoint(
  { privateAccessCidrs }: Settings["cluster"],
  { existing, vpcCidr }: Settings["network"],
): string[] {
  const reachable = [...privateRanges, ...(existing === undefined ? [vpcCidr] : [])];
  return privateAccessCidrs
    .filter((cidr) => !reachable.some((range) => within(cidr, range)))
    .map(
      (cidr) =>
        `cluster.privateAccessCidrs: ${cidr} has public addresses, and from the internet nothing reaches the private endpoint; write the addresses that clients have inside the VPC or a network connected to it.`,
    );
}

function publicEndpoint(cluster: Settings["cluster"]): string[] {
  const { publicAccessCidrs, privateAccessCidrs, privateAccessSecurityGroupIds } = cluster;
  if (publicAccessCidrs.length === 0) {
    return privateAccessCidrs.length + privateAccessSecurityGroupIds.length > 0
      ? [
          "cluster.publicAccessCidrs: the endpoint is private only, so Pulumi must run inside the VPC or a network connected to it.",
        ]
      : [
          "cluster.privateAccessCidrs: the endpoint is private only, and opens TCP 443 to the nodes alone: `pulumi up` makes the cluster, and fails at the first object in it. List the range that Pulumi runs in.",
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
