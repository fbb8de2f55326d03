import type { Instance } from "../world/instance.ts";
import type { CloudView } from "./cloudView.ts";

/** What the operator tells calico-node. */
export interface FelixSettings {
  /** Host and port of the API server in its environment; undefined: the service's address. */
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

/** Looks at each node as Felix there would find it. Turns the source/destination check off where it may. */
export function nodeReports(
  instances: readonly Instance[],
  settings: FelixSettings,
  cloud: CloudView,
): NodeReport[] {
  const typhas = instances.slice(0, typhaReplicas(instances.length));
  return instances.map((instance) => {
    const problem =
      apiServerProblem(settings, cloud) ??
      typhaProblem(instance, typhas, cloud) ??
      sourceCheckProblem(instance, settings, cloud);
    const bpf = settings.bpfEnabled && carriesBpf(instance.kernel);
    const { nodeName } = instance;
    return problem === undefined ? { nodeName, ready: true, bpf } : { nodeName, ready: false, bpf, problem };
  });
}

/** As the operator scales it (tigera/operator pkg/common/autoscale.go). */
function typhaReplicas(nodes: number): number {
  if (nodes <= 2) return Math.min(nodes, 1);
  return nodes <= 4 ? 2 : Math.max(3, Math.ceil(nodes / 200));
}

function apiServerProblem({ apiServer, dnsPolicy }: FelixSettings, cloud: CloudView): string | undefined {
  const host = cloud.endpointHost();
  if (apiServer === undefined) return "cannot reach the API server: the service's address needs kube-proxy";
  if (dnsPolicy !== "Default")
    return `cannot resolve ${host}: dnsPolicy ${dnsPolicy} asks CoreDNS, which waits for Calico`;
  return apiServer === `${host}:443` ? undefined : `cannot reach the API server at ${apiServer}`;
}

function typhaProblem(instance: Instance, typhas: readonly Instance[], cloud: CloudView): string | undefined {
  const reached = typhas.some(
    (typha) => typha.id === instance.id || cloud.allows(instance, typha, "tcp", typhaPort),
  );
  const names = typhas.map(({ nodeName }) => nodeName).join(", ");
  return reached
    ? undefined
    : `cannot connect to Typha on ${names}: TCP ${typhaPort} is closed between the nodes`;
}

function sourceCheckProblem(
  instance: Instance,
  { awsSrcDstCheck }: FelixSettings,
  cloud: CloudView,
): string | undefined {
  if (awsSrcDstCheck !== "Disable" || !instance.sourceDestCheck) return undefined;
  if (!cloud.mayTurnCheckOff(instance)) {
    return `Failed to set source-destination-check: UnauthorizedOperation: not allowed to perform ec2:ModifyNetworkInterfaceAttribute on ${instance.networkInterfaceId}`;
  }
  instance.sourceDestCheck = false;
  return undefined;
}

function carriesBpf(kernel: string): boolean {
  const [major = 0, minor = 0] = kernel.split(".").map(Number);
  return major > oldestKernel[0] || (major === oldestKernel[0] && minor >= oldestKernel[1]);
}
