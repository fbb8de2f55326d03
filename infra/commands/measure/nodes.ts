import { UserError } from "../shared/errors.ts";
import type { Live } from "../verify/check.ts";
import { installation } from "../verify/reading/calico.ts";
import type { ClusterFacts, NodeFacts } from "./comparison.ts";
import type { Outside } from "./outside.ts";

/** A node that can accept a pod, with the facts that matter here. */
export interface BenchNode {
  readonly name: string;
  readonly ip: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly region: string;
  readonly architecture: string;
  readonly kernel: string;
  readonly kubelet: string;
}

/** The nodes that take part. */
export interface ChosenNodes {
  readonly client: BenchNode;
  readonly server: BenchNode;
  /** The node whose NodePort receives requests although neither is on it; undefined: there are only two. */
  readonly third: BenchNode | undefined;
  /** How many there are to choose from. */
  readonly count: number;
}

interface RawNode {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo?: Readonly<Record<string, string>>;
  };
}

/** A node's object as it is used here; undefined: it cannot take a pod. */
export function benchNode(object: unknown): BenchNode | undefined {
  const { metadata, spec = {}, status = {} } = object as RawNode;
  const { labels = {} } = metadata;
  const { addresses = [], conditions = [], nodeInfo = {} } = status;
  const isReady = conditions.some(({ type, status: holds }) => type === "Ready" && holds === "True");
  const ip = addresses.find(({ type }) => type === "InternalIP")?.address;
  const isGoing = spec.unschedulable === true || metadata.deletionTimestamp !== undefined;
  if (!isReady || isGoing || ip === undefined || nodeInfo["operatingSystem"] !== "linux") return undefined;
  return {
    name: metadata.name,
    ip,
    instanceType: labels["node.kubernetes.io/instance-type"] ?? "",
    zone: labels["topology.kubernetes.io/zone"] ?? "",
    region: labels["topology.kubernetes.io/region"] ?? "",
    architecture: nodeInfo["architecture"] ?? "",
    kernel: nodeInfo["kernelVersion"] ?? "",
    kubelet: nodeInfo["kubeletVersion"] ?? "",
  };
}

/**
 * Chooses nodes that are alike, so that what differs is the mode: of the largest group of one instance type, zone and
 * kernel, the first by name; filled up with others where it has fewer than three.
 * @throws UserError when there are fewer than two
 */
export function chooseNodes(nodes: readonly BenchNode[]): ChosenNodes {
  const groups = Map.groupBy(nodes, ({ instanceType, zone, kernel }) => `${instanceType} ${zone} ${kernel}`);
  const bySize = [...groups.values()].toSorted(
    (a, b) => b.length - a.length || (a[0]?.name ?? "").localeCompare(b[0]?.name ?? ""),
  );
  const [client, server, third] = bySize.flatMap((group) =>
    group.toSorted((a, b) => a.name.localeCompare(b.name)),
  );
  if (client === undefined || server === undefined) {
    throw new UserError(
      `measure: needs two Ready nodes that accept pods; there ${nodes.length === 1 ? "is 1" : `are ${nodes.length}`}. Add one to a pool (nodePools.<name>.size.desired), or uncordon one.`,
    );
  }
  return { client, server, third, count: nodes.length };
}

/** Every node that can take a pod. */
export async function benchNodes({ cluster }: Live): Promise<BenchNode[]> {
  const found = await cluster.list("/api/v1/nodes", benchNode);
  return (found ?? []).filter((node) => node !== undefined);
}

/** The measured cluster, with the facts that it provides. */
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
