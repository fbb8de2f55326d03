import type { Instance } from "../world/instance.ts";
import type { CloudView } from "./cloudView.ts";

/** What calico-node finds when it starts. */
export interface FelixSettings {
  readonly cloud: CloudView;
  /** Ids of the instances on which it has started. */
  readonly started: ReadonlySet<string>;
  /** Host and port of the API server in its environment; undefined: the service's address, which nothing answers. */
  readonly apiServer: string | undefined;
  readonly dnsPolicy: string;
  readonly awsSrcDstCheck: unknown;
  readonly bpfEnabled: boolean;
}

/** State of calico-node on one node. */
export interface NodeReport {
  readonly nodeName: string;
  readonly ready: boolean;
  /** The eBPF programs are loaded: wanted, and the kernel carries them. */
  readonly bpf: boolean;
  /** Why it is not ready. */
  readonly problem?: string;
}

const typhaPort = 5473;

/** Kernel below which Felix falls back to iptables without failing (tigera/docs operations/ebpf/troubleshoot-ebpf.mdx). */
const oldestKernel = [5, 10] as const;

/** Looks at each node as Felix there would find it. */
export function nodeReports(instances: readonly Instance[], settings: FelixSettings): NodeReport[] {
  return instances.map((instance) => {
    const { nodeName } = instance;
    const problem =
      connectionProblem(instance, instances, settings) ?? sourceCheckProblem(instance, settings);
    const bpf = settings.bpfEnabled && settings.started.has(instance.id) && carriesBpf(instance.kernel);
    return problem === undefined ? { nodeName, ready: true, bpf } : { nodeName, ready: false, bpf, problem };
  });
}

/** Does what Felix does when it has its configuration: turns the source/destination check off, if configured and allowed. */
export function turnChecksOff(instances: readonly Instance[], settings: FelixSettings): void {
  if (settings.awsSrcDstCheck !== "Disable") return;
  for (const instance of instances) {
    if (!instance.sourceDestCheck) continue;
    if (connectionProblem(instance, instances, settings) !== undefined) continue;
    if (settings.cloud.mayTurnCheckOff(instance)) instance.sourceDestCheck = false;
  }
}

/** Why Felix on a node does not have its configuration. */
function connectionProblem(
  instance: Instance,
  instances: readonly Instance[],
  settings: FelixSettings,
): string | undefined {
  if (!settings.started.has(instance.id)) return "it is still starting";
  return apiServerProblem(settings) ?? typhaProblem(instance, instances, settings);
}

function apiServerProblem({ apiServer, dnsPolicy, cloud }: FelixSettings): string | undefined {
  const host = cloud.endpointHost();
  if (apiServer === undefined) return "cannot reach the API server: the service's address needs kube-proxy";
  if (dnsPolicy !== "Default") {
    return `cannot resolve ${host}: dnsPolicy ${dnsPolicy} asks CoreDNS, which waits for Calico`;
  }
  return apiServer === `${host}:443` ? undefined : `cannot reach the API server at ${apiServer}`;
}

function typhaProblem(
  instance: Instance,
  instances: readonly Instance[],
  { cloud }: FelixSettings,
): string | undefined {
  const typhas = instances.slice(0, typhaReplicas(instances.length));
  // A packet to the node itself passes no security group.
  const reached = typhas.some(
    (typha) => typha.id === instance.id || cloud.allows(instance, typha, "tcp", typhaPort),
  );
  if (reached) return undefined;
  const names = typhas.map(({ nodeName }) => nodeName).join(", ");
  return `cannot connect to Typha on ${names}: TCP ${typhaPort} is closed between the nodes`;
}

/** As the operator scales it (tigera/operator pkg/common/autoscale.go). */
function typhaReplicas(nodes: number): number {
  if (nodes <= 2) return 1;
  return nodes <= 4 ? 2 : Math.max(3, Math.ceil(nodes / 200));
}

function sourceCheckProblem(instance: Instance, { awsSrcDstCheck }: FelixSettings): string | undefined {
  return awsSrcDstCheck === "Disable" && instance.sourceDestCheck
    ? `Failed to set source-destination-check: UnauthorizedOperation: not allowed to perform ec2:ModifyNetworkInterfaceAttribute on ${instance.networkInterfaceId}`
    : undefined;
}

function carriesBpf(kernel: string): boolean {
  const [major = 0, minor = 0] = kernel.split(".").map((part) => Number.parseInt(part, 10));
  return major > oldestKernel[0] || (major === oldestKernel[0] && minor >= oldestKernel[1]);
}
