import type { Settings } from "../../components/settings/settings.ts";
import { typhaMetricsPort } from "../../components/specs/monitoring.ts";
import { loadBalancerProblem } from "../simulator/aws/loadBalancers.ts";
import { credentialsProblem } from "../simulator/aws/podIdentity.ts";
import { types } from "../simulator/aws/types.ts";
import { text } from "../simulator/aws/values.ts";
import { at } from "../simulator/kubernetes/object.ts";
import type { Instance } from "../simulator/world/instance.ts";
import type { KubernetesDouble } from "../simulator/world/kubernetesDouble.ts";
import type { World } from "../simulator/world/world.ts";
import { possibleNodes } from "./karpenterNode.ts";

/** Something that must hold once `up` is done. */
export interface Check {
  /** As a sentence. */
  readonly name: string;
  /** Where it does not hold; empty when it does. */
  readonly failures: readonly string[];
}

/** UDP port of the overlay, and of NodePort traffic between nodes under eBPF. */
const vxlanPort = 4789;

/** Checks the simulated cluster, not what the program registered. */
export function checkCluster(world: World<KubernetesDouble>, settings: Settings): Check[] {
  const nodes = [...world.cloud.instances.values()];
  const reports = world.kubernetes.reports();
  const addons = world.aws.ofType("aws:eks/addon:Addon").map(({ inputs }) => String(inputs["addonName"]));
  const wantsBpf = settings.calico.dataplane === "BPF";
  const kubeProxy = world.kubernetes.kubeProxy();
  return [
    check("every pool has its nodes, and all are Ready", [
      ...missingNodes(settings, nodes),
      ...nodes.filter(({ ready }) => !ready).map(({ nodeName }) => `${nodeName} is not Ready`),
    ]),
    check(
      "every node group is ACTIVE",
      world.aws
        .ofType("aws:eks/nodeGroup:NodeGroup")
        .filter(({ outputs }) => outputs["status"] !== "ACTIVE")
        .map(({ id, outputs }) => `${id} is ${outputs["status"]}; replace it with pulumi up --replace`),
    ),
    check(
      "calico-node is ready on every node",
      reports.flatMap(({ nodeName, problem }) => (problem === undefined ? [] : [`${nodeName}: ${problem}`])),
    ),
    check(
      `the dataplane is ${settings.calico.dataplane} on every node`,
      reports
        .filter(({ bpf }) => bpf !== wantsBpf)
        .map(({ nodeName }) => `${nodeName} runs ${wantsBpf ? "iptables" : "eBPF"}`),
    ),
    check(
      `kube-proxy is ${settings.kubeProxy}`,
      kubeProxy === settings.kubeProxy ? [] : [`it is ${kubeProxy}`],
    ),
    check(
      "every node has a service handler",
      reports
        .filter(({ bpf }) => !bpf && kubeProxy !== "Running")
        .map(({ nodeName }) => `${nodeName} has neither eBPF nor kube-proxy`),
    ),
    settings.calico.cni === "AmazonVPC"
      ? check("the VPC CNI gives pods their addresses", [
          ...(addons.includes("vpc-cni") ? [] : ["there is no add-on vpc-cni"]),
          ...nodes.flatMap(({ nodeName, addressProblem }) =>
            addressProblem === undefined ? [] : [`${nodeName}: ${addressProblem}`],
          ),
        ])
      : check(
          "there is no VPC CNI",
          addons.filter((name) => name === "vpc-cni"),
        ),
    check(
      "the source/destination check is off on every node",
      nodes
        .filter((node) => node.sourceDestCheck)
        .map(({ nodeName, networkInterfaceId }) => `${nodeName}: ${networkInterfaceId}`),
    ),
    check("pods reach each other between every two nodes", closedPaths(world, settings, nodes)),
    ...(settings.observability.prometheus === "None"
      ? []
      : [check("Prometheus reaches the metrics of every node", closedMetrics(world, settings, nodes))]),
    ...karpenter(world, settings, nodes),
    check("the operator reports nothing degraded", degraded(world, settings)),
    ...unansweredClient(world),
    check("CoreDNS exists", addons.includes("coredns") ? [] : ["there is no add-on coredns"]),
    ...credentials(world),
    ...(settings.loadBalancers
      ? [check("Services and Ingresses get public load balancers", refused(world))]
      : []),
  ];
}

/** Whether the nodes that Karpenter will start work like those of the node groups. */
function karpenter(world: World<KubernetesDouble>, settings: Settings, nodes: readonly Instance[]): Check[] {
  const possible = possibleNodes(world, settings);
  if (possible.length === 0) return [];
  const paths = closedPaths(world, settings, [...nodes, ...possible.map(({ instance }) => instance)]);
  return [
    check("Karpenter's nodes would work", [
      ...possible.flatMap(({ problems }) => problems),
      ...paths.filter((path) => possible.some(({ instance }) => path.includes(instance.nodeName))),
    ]),
  ];
}

/** What does not hold, as one line each. */
export function broken(checks: readonly Check[]): string[] {
  return checks.flatMap(({ name, failures }) => failures.map((failure) => `failed: ${name}: ${failure}`));
}

function check(name: string, failures: readonly string[]): Check {
  return { name, failures };
}

/** The conditions of TigeraStatus objects, on a real API server; in memory there are none. Without an API server no tiers. */
function degraded({ kubernetes }: World<KubernetesDouble>, { calico }: Settings): string[] {
  const statuses = kubernetes.contents().filter(({ kind }) => kind === "TigeraStatus");
  return statuses
    .filter(({ metadata: { name } }) => calico.apiServer || name !== "tiers")
    .flatMap(({ metadata: { name }, status }) =>
      ((at(status, "conditions") ?? []) as readonly Condition[])
        .filter((one) => one.type === "Degraded" && one.status === "True")
        .map(({ message }) => `${name}: ${message}`),
    );
}

/** What AWS says to the controller where it refuses a load balancer in the cluster's network. */
function refused({ aws, cloud }: World<KubernetesDouble>): string[] {
  const [node] = cloud.instances.values();
  const vpcId = text(aws.find(types.subnet, node?.subnetId ?? "")?.inputs ?? {}, "vpcId");
  const problems = (["network", "application"] as const).map((kind) => loadBalancerProblem(aws, vpcId, kind));
  return [...new Set(problems.filter((problem) => problem !== undefined))];
}

/** Pods that have a role but do not get its credentials. */
function credentials({ aws }: World<KubernetesDouble>): Check[] {
  const associations = aws.ofType(types.podIdentityAssociation);
  const problems = associations.flatMap((one) => {
    const { namespace, serviceAccount } = one.inputs;
    const problem = credentialsProblem(one, aws);
    return problem === undefined ? [] : [`${namespace}/${serviceAccount}: ${problem}`];
  });
  return associations.length === 0 ? [] : [check("pods get the credentials of their roles", problems)];
}

/** A real provider plugin reaches the API server on this machine, even where AWS would not allow it: only this check detects that. */
function unansweredClient({ cloud }: World<KubernetesDouble>): Check[] {
  const problem = cloud.endpointProblem();
  return problem === undefined ? [] : [check("Pulumi reaches the endpoint from where it runs", [problem])];
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
}

function missingNodes({ nodePools }: Settings, nodes: readonly Instance[]): string[] {
  const wanted = Object.values(nodePools).reduce((sum, { size }) => sum + size.desired, 0);
  return nodes.length === wanted ? [] : [`${nodes.length} of ${wanted} nodes`];
}

/** Pairs of nodes whose pods cannot reach each other, by the security groups as written. */
function closedPaths(
  { cloud }: World<KubernetesDouble>,
  { calico }: Settings,
  nodes: readonly Instance[],
): string[] {
  const { cni, encapsulation, podCidr } = calico;
  const sameSubnetIsBare = encapsulation === "None" || encapsulation === "VXLANCrossSubnet";
  const problems = (from: Instance, to: Instance) => {
    const isSameSubnet = from.subnetId === to.subnetId;
    const bare = sameSubnetIsBare && isSameSubnet;
    // VXLAN carries NodePort traffic under eBPF, whatever the pods use.
    const vxlan = cloud.allows(from, to, "udp", vxlanPort) ? [] : [`UDP ${vxlanPort} (VXLAN) is not open`];
    // Interfaces of the VPC CNI have the node's security groups, and their addresses a route everywhere in the VPC.
    if (cni === "AmazonVPC") {
      const open = (
        [
          ["tcp", 8080],
          ["udp", 53],
        ] as const
      ).filter(([protocol, port]) => !cloud.allows(from, to, protocol, port));
      return [
        ...vxlan,
        ...open.map(([protocol, port]) => `${protocol.toUpperCase()} ${port} of pods is not open`),
      ];
    }
    if (encapsulation === "None" && !isSameSubnet) {
      return [...vxlan, "the VPC does not route pod addresses between subnets"];
    }
    return bare && !cloud.allowsFromPod(podCidr, from, to) ? [...vxlan, `${podCidr} is not open`] : vxlan;
  };
  return nodes.flatMap((from) => {
    // For the rules, nodes of a subnet with the same security groups are the same target: a million pairs become few.
    const known = new Map<string, readonly string[]>();
    return nodes.flatMap((to) => {
      if (from.id === to.id) return [];
      const target = [to.subnetId, ...to.securityGroupIds].join(" ");
      const found = known.get(target) ?? problems(from, to);
      known.set(target, found);
      return found.map((problem) => `${from.nodeName} to ${to.nodeName}: closed, ${problem}`);
    });
  });
}

/** Metrics that a Prometheus on another node cannot read, by the security groups as written. */
function closedMetrics(
  { cloud }: World<KubernetesDouble>,
  settings: Settings,
  nodes: readonly Instance[],
): string[] {
  const ports = { Felix: settings.calico.metricsPort, Typha: typhaMetricsPort(settings) };
  const [reader, other] = nodes;
  if (reader === undefined || other === undefined) return [];
  const pairs = nodes.map((to) => [to === reader ? other : reader, to] as const);
  return Object.entries(ports).flatMap(([what, port]) =>
    pairs
      .filter(([from, to]) => port !== null && !cloud.allows(from, to, "tcp", port))
      .map(([, to]) => `${to.nodeName}: TCP ${port} (${what}) is closed between the nodes`),
  );
}

/** What the cloud still holds, by type and id; empty after a good destroy. */
export function leftovers({ aws, kubernetes }: World<KubernetesDouble>): string[] {
  // What the program did not create was there before, and stays.
  const objects = [...aws.objects.values()]
    .filter(({ urn }) => urn !== "")
    .map(({ type, id }) => `${type} ${id}`);
  const instances = [...aws.instances.keys()].map((id) => `instance ${id}`);
  const inCluster = kubernetes
    .contents()
    .filter(
      ({ kind, metadata }) => kind !== "Namespace" || !["default", "kube-system"].includes(metadata.name),
    )
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  return [...objects, ...instances, ...inCluster];
}
