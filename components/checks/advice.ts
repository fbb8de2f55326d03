import { devicePluginGuide } from "../facts/instanceTypes.ts";
import { benchmarkRange, privateRanges } from "../facts/networks.ts";
import { kubernetesVersions } from "../facts/versions.ts";
import type { Settings, Surroundings } from "../settings/settings.ts";
import { usesVpcCni } from "../specs/vpcCni.ts";
import { within } from "../values/cidr.ts";
import { lookUp } from "../values/lookUp.ts";
import { poolAmi } from "../values/poolAmi.ts";
import { sharedPortAdvice } from "./nodeFirewall.ts";
import { quotaAdvice } from "./quotas.ts";
import { isoDate } from "./versions.ts";

const millisecondsPerDay = 86_400_000;

/** How long before the end of standard support to warn. */
const noticeDays = 60;

/** One warning, or several; an empty list: none. */
type Advice = string | readonly string[];

/** Warnings about valid settings, a sentence each, in the order of the stack file. */
export function advice(settings: Settings, today: Date): string[] {
  const { cluster, network } = settings;
  return [
    supportEnds(settings, today),
    publicEndpoint(cluster),
    privateEndpoint(cluster, network),
    throttled(settings),
    withoutDevicePlugin(settings),
    publicPods(settings),
    runningKubeProxy(settings),
    sharedPortAdvice(settings),
    quotaAdvice(settings),
  ].flat();
}

/** Warnings that need the stack's previous state. */
export function surroundingsAdvice(
  { calico, cluster, network, observability }: Settings,
  { previous }: Pick<Surroundings, "previous">,
): string[] {
  const turnsOn = previous?.dataplane === "Iptables" && calico.dataplane === "BPF";
  if (previous !== undefined) return turnsOn && calico.cni === "Calico" ? [stopsPods] : [];
  const isPrivate = cluster.publicAccessCidrs.length === 0;
  return [
    ...(isPrivate && network.existing === undefined ? [unconnected] : []),
    ...(observability.prometheus === "None" ? [] : [noOperatorYet]),
  ];
}

/** What a switch to eBPF does to pods of Calico's CNI. Source: measured with real packets, docs/switch.md. */
export const stopsPods =
  "calico.dataplane: this `pulumi up` switches to eBPF. Pods on different nodes cannot reach each other while Felix loads its programs (12 to 31 s when it was measured on Calico 3.32.1), and open connections through a NodePort of a node other than the pod's are lost (docs/switch.md).";

const unconnected =
  "cluster.publicAccessCidrs: this `pulumi up` creates the VPC: no network is connected to it yet, so Pulumi cannot reach a private endpoint. Use an existing network (network.existing), or list the address of this machine here until the VPC is connected.";

const noOperatorYet =
  "observability.prometheus: a new cluster has no Prometheus operator, so the first `pulumi up` creates everything else and fails at its custom resources. Install the operator and run `pulumi up` again, or keep None until then.";

function supportEnds({ cluster: { kubernetesVersion, support } }: Settings, today: Date): Advice {
  const until = lookUp(kubernetesVersions, kubernetesVersion)?.standardUntil;
  const notice = isoDate(new Date(today.getTime() + noticeDays * millisecondsPerDay));
  if (until === undefined || until < isoDate(today) || until > notice) return [];
  const then =
    support === "STANDARD"
      ? "AWS then upgrades the cluster automatically"
      : "it then costs six times as much";
  return `cluster.kubernetesVersion: standard support of ${kubernetesVersion} ends on ${until}; ${then}.`;
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
        `cluster.privateAccessCidrs: ${cidr} is public, and the private endpoint cannot be reached from the internet; list the addresses that clients have inside the VPC or a network connected to it.`,
    );
}

function publicEndpoint(cluster: Settings["cluster"]): Advice {
  const { publicAccessCidrs, privateAccessCidrs, privateAccessSecurityGroupIds } = cluster;
  const isClosed =
    publicAccessCidrs.length + privateAccessCidrs.length + privateAccessSecurityGroupIds.length === 0;
  return isClosed
    ? "cluster.privateAccessCidrs: the endpoint is private, and only the nodes can reach it on TCP 443: `pulumi up` creates the cluster, then fails at the first object in it. List the range that Pulumi runs in."
    : [];
}

/** T3 and T4g instances get unlimited credits by default. Source: EC2 user guide, burstable instances (2026-11). */
function throttled({ nodePools }: Settings): string[] {
  return Object.entries(nodePools).flatMap(([name, { instanceTypes }]) => {
    const types = instanceTypes.filter((type) => type.startsWith("t2."));
    if (types.length === 0) return [];
    return `nodePools.${name}.instanceTypes: ${types.join(", ")} is throttled when its CPU credits run out, and Calico with it.`;
  });
}

/** Kubernetes knows of a device only through its plugin. */
function withoutDevicePlugin({ nodePools }: Settings): string[] {
  return Object.entries(nodePools).flatMap(([name, pool]) => {
    const { accelerator, amiType, needsDevicePlugin } = poolAmi(pool);
    if (accelerator === undefined || !needsDevicePlugin) return [];
    return `nodePools.${name}.instanceTypes: the AMI ${amiType} has the driver, not the ${accelerator} device plugin, and pods get no accelerator without it; install it: ${devicePluginGuide}.`;
  });
}

/** Packets to such addresses stay in the cluster, even when a host outside has the address. */
function publicPods(settings: Settings): Advice {
  const { podCidr } = settings.calico;
  if (usesVpcCni(settings)) return [];
  if ([...privateRanges, benchmarkRange].some((range) => within(podCidr, range))) return [];
  return `calico.podCidr: ${podCidr} is not a private range; pods and nodes cannot reach the hosts on the internet that have these addresses.`;
}

function runningKubeProxy({ calico: { dataplane }, kubeProxy }: Settings): Advice {
  if (dataplane !== "BPF" || kubeProxy !== "Running") return [];
  return "kubeProxy: Running together with the BPF dataplane is meant for trials; kube-proxy uses memory and serves no traffic.";
}
