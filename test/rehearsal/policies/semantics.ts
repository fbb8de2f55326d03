import { within } from "../../../components/rules/cidr.ts";
import { at, type KubernetesObject } from "../kubernetes/object.ts";

type Labels = Readonly<Record<string, string>>;

/** A pod of the pod network. */
export interface Pod {
  readonly namespace: string;
  readonly labels: Labels;
  readonly address: string;
}

/** Whatever has no policies: a node, what runs on its network, the API server, the world outside. */
export interface Host {
  readonly address: string;
  /** It is the node on which the other side runs. */
  readonly isOwnNode?: true;
}

/** A connection that somebody wants to open. */
export interface Flow {
  readonly from: Host | Pod;
  readonly to: Host | Pod;
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
}

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "DoesNotExist" | "Exists" | "In" | "NotIn";
    readonly values?: readonly string[];
  }[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly {
    readonly protocol?: string;
    readonly port?: number;
    readonly endPort?: number;
  }[];
}

interface Policy {
  readonly namespace: string;
  readonly podSelector: Selector;
  readonly types: readonly string[];
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
}

/**
 * Judges a connection by the NetworkPolicies among some objects of a cluster, as Kubernetes defines them and Calico
 * carries them out: what no policy selects is open, what several select is open where one of them says so, and a pod's own
 * node always reaches it. Named ports are not known here: nothing in this project uses them.
 */
export function isOpen({ from, to, protocol, port }: Flow, objects: readonly KubernetesObject[]): boolean {
  const policies = objects.filter(({ kind }) => kind === "NetworkPolicy").map(policyOf);
  const namespaces = namespaceLabels(objects);
  const passes = (pod: Host | Pod, other: Host | Pod, type: "Egress" | "Ingress") => {
    if (!isPod(pod)) return true;
    const selecting = policies.filter((one) => one.types.includes(type) && selects(one, pod));
    const rules = selecting.flatMap((one) => (type === "Egress" ? one.egress : one.ingress));
    return (
      selecting.length === 0 ||
      rules.some((rule) => fitsPeer(rule, other, pod.namespace, namespaces) && fitsPort(rule, protocol, port))
    );
  };
  const fromOwnNode = !isPod(from) && from.isOwnNode === true;
  return passes(from, to, "Egress") && (fromOwnNode || passes(to, from, "Ingress"));
}

function isPod(end: Host | Pod): end is Pod {
  return "namespace" in end;
}

function policyOf({ metadata, spec }: KubernetesObject): Policy {
  const rules = (field: string) => (at(spec, field) ?? []) as readonly Rule[];
  const hasEgress = at(spec, "egress") !== undefined;
  return {
    namespace: metadata.namespace ?? "default",
    podSelector: (at(spec, "podSelector") ?? {}) as Selector,
    types: (at(spec, "policyTypes") ?? ["Ingress", ...(hasEgress ? ["Egress"] : [])]) as string[],
    ingress: rules("ingress"),
    egress: rules("egress"),
  };
}

/** Labels of every namespace; the API server adds its name to them. */
function namespaceLabels(objects: readonly KubernetesObject[]): ReadonlyMap<string, Labels> {
  return new Map(
    objects
      .filter(({ kind }) => kind === "Namespace")
      .map(({ metadata: { name, labels } }) => [name, { ...labels, "kubernetes.io/metadata.name": name }]),
  );
}

function selects({ namespace, podSelector }: Policy, pod: Pod): boolean {
  return namespace === pod.namespace && matches(podSelector, pod.labels);
}

function fitsPeer(
  rule: Rule,
  other: Host | Pod,
  ownNamespace: string,
  namespaces: ReadonlyMap<string, Labels>,
): boolean {
  const peers = rule.from ?? rule.to ?? [];
  if (peers.length === 0) return true;
  return peers.some(({ ipBlock, namespaceSelector, podSelector = {} }) => {
    if (ipBlock !== undefined) {
      const holds = (cidr: string) => within(`${other.address}/32`, cidr);
      return holds(ipBlock.cidr) && !(ipBlock.except ?? []).some(holds);
    }
    if (!isPod(other)) return false;
    const sameNamespace =
      namespaceSelector === undefined
        ? other.namespace === ownNamespace
        : matches(namespaceSelector, namespaces.get(other.namespace) ?? {});
    return sameNamespace && matches(podSelector, other.labels);
  });
}

function fitsPort({ ports = [] }: Rule, protocol: string, port: number): boolean {
  if (ports.length === 0) return true;
  return ports.some(({ protocol: asked = "TCP", port: first, endPort: last = first }) => {
    if (asked !== protocol) return false;
    return first === undefined || last === undefined || (first <= port && port <= last);
  });
}

function matches({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      const isIn = value !== undefined && values.includes(value);
      return { In: isIn, NotIn: !isIn, Exists: value !== undefined, DoesNotExist: value === undefined }[
        operator
      ];
    })
  );
}
