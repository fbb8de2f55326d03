import type { Finding, Live } from "../check.ts";
import { ClusterError, oneLine } from "../cluster/clusterError.ts";
import { oncePerRun } from "../once.ts";
import { type NodeProbe, parseProbe, probeScript } from "./nodeProbe.ts";
import { type LiveNode, nodes } from "./nodes.ts";
import { calicoNodePods, type LivePod } from "./pods.ts";
import { services } from "./services.ts";

/** What was seen on a node, or why nothing was. */
export type Probed = { readonly node: LiveNode } & (
  | { readonly probe: NodeProbe }
  | { readonly error: string }
);

const forbidden = 403;

/** Of one look into a node; a second is all that is tried. */
const timeoutSeconds = 45;

/** Looks at every node from within its calico-node. */
export const probes = oncePerRun(async (live): Promise<Probed[]> => {
  // What is listed first has had the time to reach the nodes' tables.
  await services(live);
  const [all, pods] = await Promise.all([nodes(live), calicoNodePods(live)]);
  const byNode = new Map(pods.map((pod) => [pod.nodeName, pod]));
  let refusal: ClusterError | undefined;
  return Promise.all(
    all.map(async (node): Promise<Probed> => {
      const pod = byNode.get(node.name);
      if (pod === undefined) return { node, error: "no calico-node runs here" };
      try {
        // What is refused once is refused everywhere.
        if (refusal !== undefined) throw refusal;
        return { node, probe: await probe(live, pod) };
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        if (error.status === forbidden) refusal = error;
        return { node, error: error.message };
      }
    }),
  );
});

/** A finding for each node, unknown where it could not be looked at. */
export async function perNode(
  live: Live,
  look: (probe: NodeProbe, node: LiveNode) => Omit<Finding, "node">,
): Promise<Finding[]> {
  return (await probes(live)).map((probed) => {
    const { name } = probed.node;
    if ("error" in probed) return { node: name, verdict: "unknown", evidence: probed.error };
    return { node: name, ...look(probed.probe, probed.node) };
  });
}

async function probe({ cluster }: Live, { namespace, name }: LivePod): Promise<NodeProbe> {
  const command = ["bash", "-c", probeScript];
  const call = { namespace, pod: name, container: "calico-node", command, timeoutSeconds };
  // It only looks: what was cut off, or took too long, may be begun anew.
  const again = (error: unknown) => {
    if (error instanceof ClusterError && error.status === 0) return cluster.exec(call);
    throw error;
  };
  const { stdout, stderr } = await cluster.exec(call).catch(again);
  const seen = parseProbe(stdout);
  if (seen !== undefined) return seen;
  throw new ClusterError(0, `pod ${name} could not be looked into: ${oneLine(stderr || stdout)}`);
}
