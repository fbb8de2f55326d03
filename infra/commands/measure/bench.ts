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
  countersCommand,
  type Destination,
  iperf3,
  ports,
  readCounters,
  ToolError,
  toolImages,
} from "./tools.ts";

/** A node that takes part. */
export interface BenchNode {
  readonly name: string;
  readonly ip: string;
  readonly kernel: string;
}

export interface ChosenNodes {
  readonly client: BenchNode;
  readonly server: BenchNode;
  /** The node whose NodePort receives requests although neither is on it; undefined: there are only two. */
  readonly third: BenchNode | undefined;
}

/**
 * Chooses three nodes, or two where there are no more: of the most common kernel first, so that what differs is the mode.
 * @throws UserError when there are fewer than two
 */
export function chooseNodes(all: readonly LiveNode[]): ChosenNodes {
  const usable = all.flatMap(({ name, internalIp: ip, kernel, ready, operatingSystem }) =>
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

/** Parameters of the bench. */
interface BenchParts {
  readonly live: Live;
  readonly nodes: ChosenNodes;
  readonly outside: Outside | undefined;
  readonly workloads: Workloads;
  /** Mirror with the images' original paths; undefined: the original registries. */
  readonly imageRegistry: string | undefined;
  /** Processor seconds of all nodes so far, where they share a machine with other work. Default: each node's own counter. */
  readonly busySeconds?: (() => number) | undefined;
}

/** Tools on their nodes, with services in front of them. */
export interface Bench {
  readonly nodes: ChosenNodes;
  readonly outside: Outside | undefined;
  /** What a tool printed, in the client's pod or at the client outside. */
  ask(client: Measurement["client"], command: readonly string[], timeoutSeconds: number): Promise<string>;
  /** Where a way leads. */
  destination(way: Way, what: "http" | "iperf3"): Destination;
  /** How many ports of services there are in front of the HTTP servers. */
  services(): number;
  /** The one that was made last. */
  newest(): Destination;
  /**
   * Creates or removes services to reach this number of ports; 0 and 1: only the first service.
   * @param portsEach of a service that is created. Default: as many as one may have endpoints for
   */
  setServices(count: number, portsEach?: number): Promise<void>;
  /** What a node has counted, as its calico-node reads it. */
  counters(node: BenchNode): Promise<Counters>;
}

/** Starts the tools and waits until they answer. The caller removes the workloads, also when this fails. */
export async function openBench(parts: BenchParts): Promise<Bench> {
  const { live, nodes, outside, workloads, imageRegistry, busySeconds } = parts;
  await workloads.open();
  const adding = Object.entries(pods).map(([name, { on, image, ...rest }]) =>
    workloads.addPod({
      ...rest,
      name,
      node: nodes[on].name,
      image: imageAt(image, imageRegistry),
      resources: { cpu: "100m", memory: "256Mi" },
    }),
  );
  await Promise.all(adding);
  const service = (name: string, port: number, type: "ClusterIP" | "NodePort", pod = name) =>
    workloads.addService({ name, selector: { pod }, port, type });
  const [http, throughput] = await Promise.all([
    service("http", ports.http, "NodePort"),
    service("iperf3", ports.iperf3, "NodePort"),
  ]);
  const running = await workloads.ready();
  const extra: (RunningService & { readonly portCount: number })[] = [];
  const portsNow = () => extra.reduce((sum, { portCount }) => sum + portCount, 1);
  let [made, lots] = [0, 0];
  return {
    nodes,
    outside,
    ask: async (client, command, timeoutSeconds) => {
      if (client === "outside") return outside?.run(command, timeoutSeconds, live.signal) ?? "";
      const { namespace } = workloads;
      return inPod(live, { namespace, pod: "client", container: "main", command, timeoutSeconds });
    },
    destination: (way, what) => {
      const { clusterIp, port, nodePort } = { http, iperf3: throughput }[what];
      const destinations: Readonly<Record<Way, Destination>> = {
        pod: { host: running.find(({ name }) => name === what)?.ip ?? "", port: ports[what] },
        ClusterIP: { host: clusterIp, port },
        "NodePort of the server's node": { host: nodes.server.ip, port: nodePort },
        "NodePort of another node": { host: (nodes.third ?? nodes.client).ip, port: nodePort },
      };
      return destinations[way];
    },
    services: portsNow,
    newest: () => {
      const { clusterIp, port, portCount } = extra.at(-1) ?? { ...http, portCount: 1 };
      return { host: clusterIp, port: port + portCount - 1 };
    },
    setServices: async (count, portsEach = portsPerService) => {
      const path = `/api/v1/namespaces/${workloads.namespace}/services`;
      const tooMany: string[] = [];
      while (portsNow() > Math.max(1, count)) tooMany.push(extra.pop()?.name ?? "");
      // The cluster lets a few through at a time.
      await Promise.all(tooMany.map((name) => live.cluster.delete(`${path}/${name}`)));
      const missing = Math.max(0, count - portsNow());
      const sizes = Array.from({ length: Math.ceil(missing / portsEach) }, (_, at) =>
        Math.min(portsEach, missing - at * portsEach),
      );
      const pod = ++lots % 2 === 0 ? "many" : "more";
      const adding = sizes.map(async (portCount) => {
        const common = { selector: { pod }, port: ports.http, targetPort: ports.http };
        const added = await workloads.addService({ ...common, name: `extra-${made++}`, portCount });
        return { ...added, portCount };
      });
      extra.push(...(await Promise.all(adding)));
    },
    counters: async ({ name }) => {
      // Each time: a switch may have replaced the pods.
      const [pod] =
        (await live.cluster.list("/api/v1/pods", podOf, {
          labelSelector: "k8s-app=calico-node",
          fieldSelector: `spec.nodeName=${name},status.phase=Running`,
        })) ?? [];
      if (pod === undefined) throw new ToolError(`no calico-node runs on ${name}`);
      const call = { namespace: pod.namespace, pod: pod.name, container: "calico-node" };
      const own = readCounters(await inPod(live, { ...call, command: countersCommand, timeoutSeconds: 30 }));
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
