import type { CalicoKind } from "../../components/checks/existing/plan.ts";
import { endpointNamespaces } from "../../components/checks/existing/plan.ts";
import type { Access, FoundFelix } from "../../components/checks/existing/snapshot.ts";
import type { Cluster } from "../kubernetes/cluster.ts";

/** The provider watches what it waits for. */
const changing = ["get", "list", "watch", "patch"];

/** What this program and its destroy do in a cluster. */
function neededAccess(kind: CalicoKind, felix: FoundFelix): Access[] {
  const namespace = "kube-system";
  const [felixGroup] = felix.apiVersion.split("/");
  const each = (verbs: readonly string[], resource: string, within?: string): Access[] =>
    verbs.map((verb) => ({ verb, resource, ...(within === undefined ? {} : { namespace: within }) }));
  return [
    ...each(["get", "create", "patch", "delete"], "configmaps", endpointNamespaces[kind]),
    ...each(changing, `felixconfigurations.${felixGroup}`),
    ...each(changing, "daemonsets.apps", namespace),
    ...each(changing, "deployments.apps", namespace),
    ...(kind === "operator"
      ? [
          ...each(changing, "installations.operator.tigera.io"),
          ...each(changing, "deployments.apps", endpointNamespaces.operator),
        ]
      : each([...changing, "create", "delete"], "jobs.batch", namespace)),
  ];
}

/** What this program would do but is not permitted to. */
export async function forbiddenAccess(
  cluster: Cluster,
  kind: CalicoKind,
  felix: FoundFelix,
): Promise<Access[]> {
  const answers = await Promise.all(
    neededAccess(kind, felix).map(async (access) => ((await isAllowed(cluster, access)) ? [] : [access])),
  );
  return answers.flat();
}

function isAllowed(cluster: Cluster, { verb, resource, namespace }: Access): Promise<boolean> {
  const [plural = "", ...group] = resource.split(".");
  const within = namespace === undefined ? {} : { namespace };
  return cluster.allows({ verb, resource: plural, group: group.join("."), ...within });
}
