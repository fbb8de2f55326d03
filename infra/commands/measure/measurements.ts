import { smallMtuBytes } from "./tools.ts";

/** Every quantity that is measured, with its unit, in the order of the report. */
export const figures = {
  throughput: { title: "throughput, Gbit/s", better: "higher" },
  processor: { title: "processor time of the nodes that take part, s/Gbit", better: "lower" },
  ebpf: { title: "time in eBPF programs, ms/Gbit", better: "lower" },
  askedProcessor: { title: "processor time of the node that got the request, s/Gbit", better: "lower" },
  askedShare: { title: "reply bytes sent by the node that got the request, share", better: "lower" },
  connect: { title: "time to connect, median, ms", better: "lower" },
  connectProcessor: { title: "processor time of both nodes for one, ms", better: "lower" },
  connectEbpf: { title: "time in eBPF programs for one, ms", better: "lower" },
  takenIn: { title: "from the last service made until it answers, s", better: "lower" },
  takeInProcessor: { title: "processor time of the client's node, s", better: "lower" },
} as const;

export type FigureName = keyof typeof figures;

/** What one run found, by figure. */
export type Values = Readonly<Partial<Record<FigureName, number>>>;

/** Every kind of measurement, as `--only` takes it. */
export const kinds = ["throughput", "replies", "first-packet", "take-in", "source-address"] as const;

type Kind = (typeof kinds)[number];

/** What the client connects to. */
export type Way = "pod" | "ClusterIP" | "NodePort of the server's node" | "NodePort of another node";

export interface Measurement {
  /** Stable name, for data. */
  readonly id: string;
  readonly title: string;
  readonly kind: Kind;
  /** Where the client is. Outside: on a host that is not a node of the cluster. */
  readonly client: "pod" | "outside";
  readonly way: Way;
  /** Largest packet of a throughput run, in bytes. Absent: the cluster's own. */
  readonly mtuBytes?: number;
  /** Services that are to be there for it. Absent: as it is. */
  readonly services?: number;
}

/** A measurement that this cluster does not allow, and why. */
export type LeftOut = Pick<Measurement, "id" | "title"> & { readonly why: string };

/** Services that are made at once to see how long nodes need for them. */
export const takenInServices = 1000;

/**
 * Every measurement, in the order of the report, and those that cannot be made here.
 * @param hasThird there is a node that has neither the client nor the server
 * @param hasOutside a client outside of the cluster is named
 * @param services numbers at which the first packet is measured, ascending
 */
export function measurements({
  hasThird,
  hasOutside,
  services,
  only,
}: Readonly<{ hasThird: boolean; hasOutside: boolean; services: readonly number[]; only: readonly Kind[] }>) {
  const measured: Measurement[] = [];
  const leftOut: LeftOut[] = [];
  for (const one of all(services).filter(({ kind }) => only.includes(kind))) {
    const { id, title, client, way } = one;
    if (client === "outside" && !hasOutside)
      leftOut.push({ id, title, why: "needs a client outside the cluster: --client HOST" });
    else if (way === "NodePort of another node" && !hasThird)
      leftOut.push({ id, title, why: "needs three nodes" });
    else measured.push(one);
  }
  return { measured, leftOut };
}

function all(services: readonly number[]): Measurement[] {
  const toPod = { kind: "throughput", client: "pod", way: "pod" } as const;
  const toService = { client: "pod", way: "ClusterIP" } as const;
  const address = (way: Way, id: string): Measurement => {
    const common = { kind: "source-address", client: "outside", way } as const;
    return { ...common, id: `address/${id}`, title: `source address, ${way}, client outside` };
  };
  const mtuBytes = smallMtuBytes;
  const takenIn = takenInServices.toLocaleString("en");
  return [
    { ...toPod, id: "tcp/mtu", title: "TCP to a pod on another node, the cluster's MTU" },
    { ...toPod, id: `tcp/${mtuBytes}`, title: `TCP to a pod on another node, MTU ${mtuBytes}`, mtuBytes },
    {
      ...{ kind: "replies", client: "outside", way: "NodePort of another node" },
      id: "tcp/replies",
      title: "TCP replies through the NodePort of another node, client outside",
    },
    ...services.map(
      (count): Measurement => ({
        ...toService,
        id: `first-packet/${count}`,
        title: `new connections to a ClusterIP, number of services: ${count.toLocaleString("en")}`,
        kind: "first-packet",
        services: count,
      }),
    ),
    { ...toService, id: "take-in", title: `${takenIn} new services`, kind: "take-in" },
    address("NodePort of the server's node", "own-node"),
    address("NodePort of another node", "other-node"),
  ];
}
