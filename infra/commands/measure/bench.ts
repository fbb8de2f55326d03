import { ClusterError } from "../../kubernetes/errors.ts";
import type { ExecCall } from "../../kubernetes/exec.ts";
import { UserError } from "../shared/errors.ts";
import type { Live } from "../verify/check.ts";
import { type LiveNode, podOf } from "../verify/reading/objects.ts";
import { imageAt } from "../verify/workloads/podSpec.ts";
import type { RunningService, Workloads } from "../verify/workloads/workloads.ts";
import type { Measurement, Way } from "./measurements.ts";
import type { Outside } from "./outside.ts";
import {
  type Counters,
  type Destination,
  firstCounters,
  iperf3,
  lastCounters,
  ports,
  readCounters,
  ToolError,
  toolImages,
} from "./tools.ts";

/** A node that takes part. */
export type BenchNode = Pick<LiveNode, "kernel" | "name"> & { readonly ip: string };

/**
 * Chooses three nodes, or two where there are no more: of the most common kernel first, so that what differs is the mode.
 * The third one's NodePort receives requests although neither client nor server is on it.
 * @throws UserError when there are fewer than two
 */
export function chooseNodes(all: readonly LiveNode[]) {
  const usable = all.flatMap(({ name, internalIp: ip, kernel, ready, operatingSystem }): BenchNode[] =>
    ready && operatingSystem === "linux" && ip !== undefined ? [{ name, ip, kernel }] : [],
  );
  const alike = [...Map.groupBy(usable, ({ kernel }) => kernel).values()];
  const [client, server, third] = alike.toSorted((a, b) => b.length - a.length).flat();
  if (client !== undefined && server !== undefined) return { client, server, third };
  throw new UserError(
    `measure: needs two Ready Linux nodes, found ${usable.length}. Add one to a pool (nodePools.<name>.size.desired).`,
  );
}

const iperf3Server = [...iperf3, "--server", "--port", String(ports.iperf3)];
const httpServer = ["netexec", `--http-port=${ports.http}`];

/** Pods of ours, by what they do. */
const pods = {
  client: { on: "client", image: toolImages.client, args: ["sleep", "infinity"] },
  iperf3: { on: "server", image: toolImages.client, args: iperf3Server, readyPort: ports.iperf3 },
  http: { on: "server", image: toolImages.http, args: httpServer, readyPort: ports.http },
  // Backends of services that are created one lot after the other. Without Calico's connect-time balancer, two services
  // of one backend cost connections: the client's port may not be used for both within half a minute.
  many: { on: "server", image: toolImages.http, args: httpServer, readyPort: ports.http },
  more: { on: "server", image: toolImages.http, args: httpServer, readyPort: ports.http },
} as const;

/**
 * Ports of a service that is created only to be there. Each has its own entry in the tables of a node, as a service has,
 * and the API server is spared; an EndpointSlice takes no more.
 */
const portsPerService = 100;

type Extra = RunningService & { readonly portCount: number };

/** Parameters of the bench. */
interface BenchParts {
  readonly live: Live;
  readonly nodes: ReturnType<typeof chooseNodes>;
  readonly outside: Outside | undefined;
  readonly workloads: Workloads;
  /** Mirror with the images' original paths; undefined: the original registries. */
  readonly imageRegistry: string | undefined;
  /** Processor seconds of all nodes so far, where they share a machine with other work. Default: each node's own counter. */
  readonly busySeconds?: (() => number) | undefined;
}

/** Tools on their nodes, with services in front of them. */
export type Bench = Awaited<ReturnType<typeof openBench>>;

/** Starts the tools and waits until they answer. The caller removes the workloads, also when this fails. */
export async function openBench(parts: BenchParts) {
  const { live, nodes, outside, workloads, imageRegistry, busySeconds } = parts;
  const { namespace } = workloads;
  await workloads.open();
  const resources = { cpu: "100m", memory: "256Mi" };
  const adding = Object.entries(pods).map(([name, { on, image, ...rest }]) =>
    workloads.addPod({
      ...rest,
      name,
      node: nodes[on].name,
      image: imageAt(image, imageRegistry),
      resources,
    }),
  );
  await Promise.all(adding);
  const service = (name: "http" | "iperf3") =>
    workloads.addService({ name, selector: { pod: name }, port: ports[name], type: "NodePort" });
  const first = { http: await service("http"), iperf3: await service("iperf3") };
  const running = await workloads.ready();
  const extra: Extra[] = [];
  const services = () => extra.reduce((sum, { portCount }) => sum + portCount, 1);
  let [made, lots] = [0, 0];
  return {
    nodes,
    outside,
    /** What a tool printed, in the client's pod or at the client outside. */
    ask: async (client: Measurement["client"], command: readonly string[], timeoutSeconds: number) => {
      if (client === "outside") return outside?.run(command, timeoutSeconds) ?? "";
      return inPod(live, { namespace, pod: "client", container: "main", command, timeoutSeconds });
    },
    /** Where a way leads. */
    destination: (way: Way, what: "http" | "iperf3"): Destination => {
      const { clusterIp, port, nodePort } = first[what];
      const destinations: Readonly<Record<Way, Destination>> = {
        pod: { host: running.find(({ name }) => name === what)?.ip ?? "", port: ports[what] },
        ClusterIP: { host: clusterIp, port },
        "NodePort of the server's node": { host: nodes.server.ip, port: nodePort },
        "NodePort of another node": { host: (nodes.third ?? nodes.client).ip, port: nodePort },
      };
      return destinations[way];
    },
    /** How many ports of services there are in front of the HTTP servers. */
    services,
    /** The one that was made last. */
    newest: (): Destination => {
      const { clusterIp, port, portCount } = extra.at(-1) ?? { ...first.http, portCount: 1 };
      return { host: clusterIp, port: port + portCount - 1 };
    },
    /**
     * Creates or removes services to reach this number of ports; 0 and 1: only the first service.
     * @param portsEach of a service that is created. Default: as many as one may have endpoints for
     */
    setServices: async (count: number, portsEach = portsPerService) => {
      const tooMany: string[] = [];
      while (services() > Math.max(1, count)) tooMany.push(extra.pop()?.name ?? "");
      // The cluster lets a few through at a time.
      const path = `/api/v1/namespaces/${namespace}/services`;
      await Promise.all(tooMany.map((name) => live.cluster.delete(`${path}/${name}`)));
      const common = { selector: { pod: ++lots % 2 === 0 ? "many" : "more" }, port: ports.http };
      const adding: Promise<Extra>[] = [];
      for (let missing = count - services(); missing > 0; missing -= portsEach) {
        const portCount = Math.min(portsEach, missing);
        const one = { ...common, name: `extra-${made++}`, targetPort: ports.http, portCount };
        adding.push(workloads.addService(one).then((added) => ({ ...added, portCount })));
      }
      extra.push(...(await Promise.all(adding)));
    },
    /**
     * What a node has counted, as its calico-node reads it.
     * @param seconds within which it is read again: so long the kernel counts the time of eBPF programs. Default: it stops
     */
    counters: async ({ name }: BenchNode, seconds?: number): Promise<Counters> => {
      const fieldSelector = `spec.nodeName=${name},status.phase=Running`;
      const labelSelector = "k8s-app=calico-node";
      // Each time: a switch may have replaced the pods.
      const [pod] = (await live.cluster.list("/api/v1/pods", podOf, { labelSelector, fieldSelector })) ?? [];
      if (pod === undefined) throw new ToolError(`no calico-node runs on ${name}`);
      const command = ["sh", "-c", seconds === undefined ? lastCounters : firstCounters(seconds)];
      const call = { namespace: pod.namespace, pod: pod.name, container: "calico-node", command };
      const own = readCounters(await inPod(live, { ...call, timeoutSeconds: 30 }));
      return busySeconds === undefined ? own : { ...own, busySeconds: busySeconds() };
    },
  };
}

async function inPod({ cluster, signal }: Live, call: ExecCall): Promise<string> {
  try {
    const { stdout, stderr } = await cluster.exec(call);
    return stdout.trim() === "" ? stderr : stdout;
  } catch (error) {
    // An interrupted connection may succeed when it is retried.
    if (!(error instanceof ClusterError) || signal.aborted) throw error;
    throw new ToolError(error.message);
  }
}
