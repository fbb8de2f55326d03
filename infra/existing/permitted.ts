import type { CalicoKind } from "../../components/checks/existing/plan.ts";
import { endpointNamespaces } from "../../components/checks/existing/plan.ts";
import type { Access, FoundFelix } from "../../components/checks/existing/snapshot.ts";
import type { ApiReader } from "./apiReader.ts";

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
  reader: ApiReader,
  kind: CalicoKind,
  felix: FoundFelix,
): Promise<Access[]> {
  const answers = await Promise.all(
    neededAccess(kind, felix).map(async (access) => ((await isAllowed(reader, access)) ? [] : [access])),
  );
  return answers.flat();
}

async function isAllowed(reader: ApiReader, { verb, resource, namespace }: Access): Promise<boolean> {
  const [plural, ...group] = resource.split(".");
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { verb, resource: plural, group: group.join("."), namespace } },
  };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const answer = (await reader.post(path, review)) as { status?: { allowed?: boolean } };
  return answer.status?.allowed === true;
}
