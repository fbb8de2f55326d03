import { Netmask } from "netmask";
import { nodesText } from "../../../../components/checks/existing/nodes.ts";
import type { SecurityRule } from "../../../ec2.ts";
import { type Check, type Finding, type Live, oncePerRun } from "../check.ts";
import { hasVpcCni, installation } from "../reading/calico.ts";
import { type CalledService, calledServices } from "../reading/calledServices.ts";
import { isOnEc2, nodeInterfaces, securityRules } from "../reading/interfaces.ts";
import { type LivePod, podOf, services } from "../reading/objects.ts";

/** Whether the API server can reach what it calls. */
export const webhooks: Check = {
  name: "webhooks",
  title: "the control plane reaches all services that the API server calls",
  source:
    "tigera/docs getting-started/kubernetes/managed-public-cloud/eks.mdx: the control plane cannot reach pods on Calico's network",
  meaning:
    "The API server cannot reach such a webhook: requests that it handles are refused, or no longer checked.",
  cure: "List the port of its pods in nodeFirewall.fromControlPlane. On Calico's own network, first give them hostNetwork: true and an unused port.",
  needs: ["read", "aws"],
  appliesTo: isControlPlaneOutside,
  async run(live) {
    const all = await calledServices(live);
    if (all.length === 0) {
      return [{ verdict: "passed", evidence: "the API server calls no service of the cluster" }];
    }
    return Promise.all(all.map((one) => findingOf(live, one)));
  },
};

/** EKS's control plane is not on the pod network, and behind the nodes' security groups. */
async function isControlPlaneOutside(live: Live): Promise<string | true> {
  const spec = (await installation(live))?.spec ?? {};
  const isEks =
    spec["kubernetesProvider"] === "EKS" || /\.eks\./.test(live.target.endpoint ?? live.cluster.server);
  return isEks || "the control plane is not EKS";
}

/** Pods of a service, read once for all webhooks that name it. */
const podsOf = oncePerRun(async ({ cluster }) => {
  const known = new Map<string, ReturnType<typeof read>>();
  const read = (namespace: string, selector: Readonly<Record<string, string>>) =>
    cluster.list(`/api/v1/namespaces/${namespace}/pods`, podOf, {
      labelSelector: Object.entries(selector)
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
    });
  return (namespace: string, selector: Readonly<Record<string, string>>) => {
    const key = JSON.stringify([namespace, selector]);
    const answer = known.get(key) ?? read(namespace, selector);
    known.set(key, answer);
    return answer;
  };
});

async function findingOf(live: Live, called: CalledService): Promise<Finding> {
  const { caller, namespace, service } = called;
  const found = (await services(live)).find((one) => one.namespace === namespace && one.name === service);
  const place = `${caller} calls service ${namespace}/${service}`;
  if (found === undefined) return { verdict: "failed", evidence: `${place}, which does not exist` };
  // Without a selector its endpoints are managed manually, usually outside the cluster.
  if (found.selector === undefined) return { verdict: "passed", evidence: `${place}, which has no pods` };
  const pods = (await (await podsOf(live))(namespace, found.selector)) ?? [];
  const inside = pods.find(({ hostNetwork }) => !hostNetwork);
  if (inside !== undefined && !(await hasVpcCni(live))) {
    return { verdict: "failed", evidence: `${place}, whose pod ${inside.name} is on the pod network` };
  }
  if (pods.length === 0) return { verdict: "failed", evidence: `${place}, which has no pod` };
  const where = inside === undefined ? "on the host's network" : "in pods with VPC addresses";
  if ((await isOnEc2(live)) !== true) return { verdict: "passed", evidence: `${place} ${where}` };
  const target = found.ports.find(({ port }) => port === called.port)?.targetPort;
  return firewallFinding(live, { place, where, pods, target });
}

interface CalledPods {
  /** Who calls which service. */
  readonly place: string;
  /** On which network its pods are. */
  readonly where: string;
  readonly pods: readonly LivePod[];
  readonly target: number | string | undefined;
}

/** Whether the nodes' security groups let the control plane reach the pods' port. */
async function firewallFinding(live: Live, { place, where, pods, target }: CalledPods): Promise<Finding> {
  const port = target === undefined ? undefined : portNumber(target, pods);
  if (port === undefined) {
    return {
      verdict: "failed",
      evidence: `${place}, whose pods do not have the port ${target ?? "that is called"}`,
    };
  }
  const names = new Set(pods.flatMap(({ nodeName }) => (nodeName === "" ? [] : [nodeName])));
  // A pod of the VPC CNI may be on any interface of its node.
  const anyInterface = await hasVpcCni(live);
  const interfaces = (await nodeInterfaces(live)).filter(({ isPrimary }) => isPrimary || anyInterface);
  const [rules, addresses] = await Promise.all([securityRules(live), controlPlaneAddresses(live)]);
  const closed = interfaces
    .filter(({ nodeName }) => names.size === 0 || names.has(nodeName))
    .filter(({ securityGroupIds: own }) => !rules.some((rule) => opens(rule, port, own, live, addresses)));
  if (closed.length === 0) {
    return { verdict: "passed", evidence: `${place} ${where}, where TCP ${port} is open` };
  }
  return {
    verdict: "failed",
    evidence: `${place}, and no rule lets the control plane reach TCP ${port} on ${nodesText([...new Set(closed.map(({ nodeName }) => nodeName))])}; nodeFirewall.fromControlPlane does not list it`,
  };
}

function portNumber(target: number | string, pods: readonly LivePod[]): number | undefined {
  if (typeof target === "number") return target;
  return pods.flatMap(({ ports }) => ports).find(({ name }) => name === target)?.containerPort;
}

function opens(
  rule: SecurityRule,
  port: number,
  own: readonly string[],
  { target: { expected } }: Live,
  addresses: readonly string[],
): boolean {
  if (rule.isEgress || !own.includes(rule.groupId)) return false;
  const isTcp = rule.protocol === "tcp" || rule.protocol === "6";
  if (rule.protocol !== "-1" && !(isTcp && rule.fromPort <= port && port <= rule.toPort)) return false;
  const { peerGroupId, peerCidr } = rule;
  if (peerCidr !== undefined) return addresses.some((address) => new Netmask(peerCidr).contains(address));
  const group = expected?.controlPlaneSecurityGroupId;
  if (group !== undefined) return peerGroupId === group;
  // Of a cluster that is not a stack's: another group than the nodes' own, or the one that EKS gives both, open in itself.
  return peerGroupId !== undefined && (!own.includes(peerGroupId) || rule.protocol === "-1");
}

interface EndpointSlice {
  readonly endpoints?: readonly { readonly addresses?: readonly string[] }[] | null;
}

/** Addresses of the control plane's network interfaces in the VPC: the endpoints of Service `kubernetes`. */
const controlPlaneAddresses = oncePerRun(async ({ cluster }): Promise<string[]> => {
  const slices = await cluster.list(
    "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
    (object) => object as EndpointSlice,
    { labelSelector: "kubernetes.io/service-name=kubernetes" },
  );
  const all = (slices ?? []).flatMap(({ endpoints }) => endpoints ?? []);
  return all.flatMap(({ addresses = [] }) => addresses).filter((address) => /^[\d.]+$/.test(address));
});
