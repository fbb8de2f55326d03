import type { Live } from "../../verify/check.ts";
import { installation } from "../../verify/reading/calico.ts";
import { isBurstable } from "../honesty/warnings.ts";
import type { ClusterFacts, InstanceBandwidth, NodeFacts } from "../reports/measureData.ts";
import { type BenchNode, benchNode, type ChosenNodes } from "./nodes.ts";
import type { Outside } from "./outside.ts";

/** Every node that can take a pod. */
export async function benchNodes({ cluster }: Live): Promise<BenchNode[]> {
  const found = await cluster.list("/api/v1/nodes", benchNode);
  return (found ?? []).filter((node) => node !== undefined);
}

/** The cluster as it is measured, as far as it tells. */
export async function clusterFacts(
  live: Live,
  { nodes, outside, mtuBytes }: { nodes: ChosenNodes; outside: Outside | undefined; mtuBytes: number },
): Promise<ClusterFacts> {
  const { cluster, target } = live;
  const [version, calico, services] = await Promise.all([
    cluster.get<{ gitVersion?: string }>("/version"),
    installation(live),
    cluster.list("/api/v1/services", () => 1),
  ]);
  const network = calico?.spec?.["calicoNetwork"] as
    | { ipPools?: readonly { encapsulation?: string }[] }
    | undefined;
  return {
    name: target.name,
    kubernetesVersion: version?.gitVersion ?? "unknown",
    calicoVersion: calico?.status?.calicoVersion ?? "unknown",
    mtuBytes,
    encapsulation: network?.ipPools?.[0]?.encapsulation ?? "unknown",
    services: services?.length ?? 0,
    nodes: nodeFacts(nodes),
    instances: await instances(live, nodes),
    outside: outside?.name,
  };
}

function nodeFacts({ client, server, third }: ChosenNodes): NodeFacts[] {
  const facts = (part: string, node: BenchNode): NodeFacts => {
    const { ip: _ip, region: _region, ...known } = node;
    return { ...known, part };
  };
  return [
    facts("client", client),
    facts("server", server),
    ...(third === undefined ? [] : [facts("NodePort", third)]),
  ];
}

/** What EC2 says of the nodes' instance types; where it cannot be asked, their names alone. */
async function instances(
  { ec2 }: Live,
  { client, server, third }: ChosenNodes,
): Promise<InstanceBandwidth[]> {
  const types = new Set([client, server, third].flatMap((node) => node?.instanceType || []));
  const known = await ec2.bandwidths([...types], client.region).catch(() => []);
  return [...types].map((instanceType) => {
    const told = known.find((one) => one.instanceType === instanceType);
    return {
      instanceType,
      baselineGigabits: told?.baselineGigabits,
      peakGigabits: told?.peakGigabits,
      burstableProcessor: told?.burstableProcessor ?? isBurstable(instanceType),
    };
  });
}
