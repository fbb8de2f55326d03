import { at, type Key, type KubernetesObject, keyOf } from "../kubernetes/object.ts";

/** One change of an object, as reported by the API server. */
export interface Change {
  /** The API server's own count, which orders the changes of all kinds. */
  readonly version: number;
  readonly key: Key;
  /** undefined: it was deleted. */
  readonly object: KubernetesObject | undefined;
}

/** Who serves services on a node. */
export interface Serving {
  /** The node's condition Ready: pods may be on it. */
  readonly ready: boolean;
  /** calico-node has started there with eBPF on, and it has not been turned off since. */
  readonly bpf: boolean;
  /** A pod of kube-proxy runs there. */
  readonly kubeProxy: boolean;
}

/** The cluster at one of its versions. */
export interface Moment {
  readonly version: number;
  readonly nodes: ReadonlyMap<string, Serving>;
  /** Felix removes kube-proxy's rules: what FelixConfiguration says, by default true. */
  readonly cleansUp: boolean;
  /** Pod template of CoreDNS's Deployment, as JSON; undefined without one. */
  readonly coreDnsTemplate: string | undefined;
}

const felixKey = "crd.projectcalico.org/v1/FelixConfiguration//default";
const coreDnsKey = "apps/v1/Deployment/kube-system/coredns";

/** Replays changes in the order of their versions, and looks at the cluster after each. */
export function momentsOf(changes: readonly Change[]): Moment[] {
  const objects = new Map<Key, KubernetesObject>();
  const bpfOn = new Set<string>();
  const seen = new Set<string>();
  const moments: Moment[] = [];
  for (const { version, key, object } of changes.toSorted((a, b) => a.version - b.version)) {
    if (seen.has(`${version} ${key}`)) continue;
    seen.add(`${version} ${key}`);
    if (object === undefined) objects.delete(key);
    else objects.set(key, object);
    const felix = objects.get(felixKey);
    const nodes = [...objects.values()].filter(({ kind }) => kind === "Node");
    const calico = nodesWith(objects, "calico-node");
    if (at(felix, "spec.bpfEnabled") === true) for (const node of calico) bpfOn.add(node);
    else bpfOn.clear();
    const kubeProxy = nodesWith(objects, "kube-proxy");
    moments.push({
      version,
      nodes: new Map(
        nodes.map((node) => {
          const { name } = node.metadata;
          return [name, { ready: isReady(node), bpf: bpfOn.has(name), kubeProxy: kubeProxy.has(name) }];
        }),
      ),
      cleansUp: at(felix, "spec.bpfKubeProxyIptablesCleanupEnabled") !== false,
      coreDnsTemplate: JSON.stringify(at(objects.get(coreDnsKey), "spec.template")),
    });
  }
  return moments;
}

function isReady(node: KubernetesObject): boolean {
  const conditions = at(node, "status.conditions");
  return (
    Array.isArray(conditions) && conditions.some(({ type, status }) => type === "Ready" && status === "True")
  );
}

/** Names of the nodes on which a pod of an application runs. */
function nodesWith(objects: ReadonlyMap<Key, KubernetesObject>, app: string): Set<string> {
  return new Set(
    [...objects.values()]
      .filter(
        (one) =>
          one.kind === "Pod" &&
          at(one, "metadata.labels.k8s-app") === app &&
          at(one, "status.phase") === "Running" &&
          one.metadata.deletionTimestamp === undefined,
      )
      .map((pod) => String(at(pod, "spec.nodeName"))),
  );
}

/** Change that an object's own version orders. */
export function changeOf(object: KubernetesObject, deleted: boolean): Change {
  const { resourceVersion } = object.metadata as { resourceVersion?: string };
  return { version: Number(resourceVersion), key: keyOf(object), object: deleted ? undefined : object };
}
