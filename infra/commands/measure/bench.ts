import type { Cluster } from "../../kubernetes/cluster.ts";
import { ClusterError } from "../../kubernetes/errors.ts";
import { UserError } from "../shared/errors.ts";
import { imageAt } from "../verify/workloads/podSpec.ts";
import type { RunningPod, RunningService, Workloads } from "../verify/workloads/workloads.ts";
import { benchNode, type ChosenNodes } from "./nodes.ts";
import type { Outside } from "./outside.ts";
import { ToolError, toolImages, toolPorts } from "./tools.ts";

/** The pods, by what they do. Each is a server and a client. */
const pods = {
  throughputClient: { on: "client", tool: "throughput" },
  /** On the server's node. */
  throughputNear: { on: "server", tool: "throughput" },
  throughputServer: { on: "server", tool: "throughput" },
  httpClient: { on: "client", tool: "requests" },
  httpServer: { on: "server", tool: "requests" },
} as const;

export type PodName = keyof typeof pods;

/** Kubernetes' names have no capitals. */
const podNames: Readonly<Record<PodName, string>> = {
  throughputClient: "throughput-client",
  throughputNear: "throughput-near",
  throughputServer: "throughput-server",
  httpClient: "http-client",
  httpServer: "http-server",
};

/** A processor for each, where there is one; what a tool lacks, the data path does not show. */
const resources = { cpu: "100m", memory: "256Mi" } as const;

const serverArguments = {
  throughput: ["env", "TMPDIR=/dev/shm", "iperf3", "--server", "--port", String(toolPorts.iperf3)],
  requests: [
    ...["server", "-http-port", String(toolPorts.fortio), "-ui-path", ""],
    ...["-grpc-port", "disabled", "-redirect-port", "disabled", "-tcp-port", "disabled"],
    ...["-udp-port", "disabled"],
  ],
} as const;

/** Parameters of the bench. */
interface BenchParts {
  readonly cluster: Cluster;
  readonly nodes: ChosenNodes;
  readonly outside: Outside | undefined;
  /** Mirror with the images' original paths; undefined: the original registries. */
  readonly imageRegistry: string | undefined;
  readonly signal: AbortSignal;
}

/** Tools on their nodes, with services in front of them, in a separate namespace. */
export class Bench {
  readonly nodes: ChosenNodes;
  readonly outside: Outside | undefined;
  /** Where each pod answers. */
  readonly podIps: Readonly<Record<PodName, string>>;
  readonly http: RunningService;
  readonly throughput: RunningService;
  readonly #cluster: Cluster;
  readonly #workloads: Workloads;
  readonly #signal: AbortSignal;
  #services = 0;

  private constructor(parts: BenchParts, workloads: Workloads, built: Built) {
    this.nodes = parts.nodes;
    this.outside = parts.outside;
    this.#cluster = parts.cluster;
    this.#signal = parts.signal;
    this.#workloads = workloads;
    this.podIps = built.podIps;
    this.http = built.http;
    this.throughput = built.throughput;
  }

  /** Starts the tools and waits until they answer. The caller removes the workloads, also when this fails. */
  static async open(parts: BenchParts, workloads: Workloads): Promise<Bench> {
    await workloads.open();
    return new Bench(parts, workloads, await built(parts, workloads));
  }

  /** What a tool printed in a pod. */
  async ask(pod: PodName, command: readonly string[], timeoutSeconds: number): Promise<string> {
    try {
      const { stdout, stderr } = await this.#cluster.exec({
        namespace: this.#workloads.namespace,
        pod: podNames[pod],
        container: "main",
        command: ["env", "TMPDIR=/dev/shm", ...command],
        timeoutSeconds,
      });
      return stdout.trim() === "" ? stderr : stdout;
    } catch (error) {
      // An interrupted connection may succeed when it is retried.
      if (!(error instanceof ClusterError) || this.#signal.aborted) throw error;
      throw new ToolError(error.message);
    }
  }

  /** @throws UserError when a participating node no longer exists: the run cannot continue then */
  async refuseGone(): Promise<void> {
    const { client, server, third } = this.nodes;
    for (const node of [client, server, third]) {
      if (node === undefined) continue;
      const object = await this.#cluster.get(`/api/v1/nodes/${node.name}`);
      if (object === undefined)
        throw new UserError(`measure: node ${node.name} is gone, but takes part in the measurement.`);
      if (benchNode(object) === undefined) {
        throw new UserError(
          `measure: node ${node.name}, which takes part, is no longer Ready, or accepts no more pods.`,
        );
      }
    }
  }

  /** The same of the client outside. */
  askOutside(command: readonly string[], timeoutSeconds: number): Promise<string> {
    if (this.outside === undefined) throw new ToolError("there is no client outside");
    return this.outside.run(command, timeoutSeconds, this.#signal);
  }

  /** A node's resources, from its kubelet. */
  kubeletMetrics(node: string): Promise<string> {
    return this.#cluster.throughNode(node, 10250, "/metrics/resource");
  }

  /** Creates or removes services in addition to the measured one, all in front of the same pod. */
  async setServices(count: number): Promise<void> {
    const names = (from: number, to: number) =>
      Array.from({ length: Math.max(0, to - from) }, (_, index) => `extra-${from + index}`);
    const path = `/api/v1/namespaces/${this.#workloads.namespace}/services`;
    const [now, then] = [this.#services, Math.max(0, count - 1)];
    // Counted first: what is interrupted halfway is deleted with the namespace.
    this.#services = then;
    // The cluster lets a few through at a time.
    await Promise.all(
      names(now, then).map((name) =>
        this.#workloads.addService({ name, selector: { pod: podNames.httpServer }, port: toolPorts.fortio }),
      ),
    );
    await Promise.all(names(then, now).map((name) => this.#cluster.delete(`${path}/${name}`)));
  }
}

interface Built {
  readonly podIps: Record<PodName, string>;
  readonly http: RunningService;
  readonly throughput: RunningService;
}

async function built({ nodes, imageRegistry }: BenchParts, workloads: Workloads): Promise<Built> {
  const names = Object.keys(pods) as PodName[];
  await Promise.all(
    names.map((name) => {
      const { on, tool } = pods[name];
      return workloads.addPod({
        name: podNames[name],
        node: nodes[on].name,
        image: image(tool, imageRegistry),
        args: serverArguments[tool],
        readyPort: tool === "throughput" ? toolPorts.iperf3 : toolPorts.fortio,
        resources,
      });
    }),
  );
  const [http, throughput, running] = await Promise.all([
    workloads.addService({
      name: "http",
      selector: { pod: podNames.httpServer },
      port: toolPorts.fortio,
      type: "NodePort",
    }),
    workloads.addService({
      name: "throughput",
      selector: { pod: podNames.throughputServer },
      port: toolPorts.iperf3,
      type: "NodePort",
    }),
    workloads.ready(),
  ]);
  const ipOf = (name: PodName) => running.find((pod: RunningPod) => pod.name === podNames[name])?.ip ?? "";
  return {
    podIps: Object.fromEntries(names.map((name) => [name, ipOf(name)])) as Built["podIps"],
    http,
    throughput,
  };
}

function image(tool: keyof typeof toolImages, mirror: string | undefined): string {
  const [registry = "", ...path] = toolImages[tool].image.split("/");
  return imageAt({ registry, path: path.join("/") }, mirror);
}
