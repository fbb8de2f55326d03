import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Api } from "../realKubernetes/api.ts";
import type { ApiAddress } from "../realKubernetes/client.ts";

/** What an account may do in the whole cluster; default: nothing. */
export interface Rights {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
}

/** Makes an account with these rights, and writes a kubeconfig for it into a folder. */
export async function kubeconfigFor(
  api: Api,
  address: ApiAddress,
  name: string,
  rules: readonly Rights[],
  folder: string,
): Promise<string> {
  const manager = { manager: "test" };
  const rbac = "rbac.authorization.k8s.io";
  await api.create(
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: "default" } },
    manager,
  );
  await api.create({ apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata: { name }, rules }, manager);
  await api.create(
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace: "default" }],
    },
    manager,
  );
  const { status } = (await api.client.send({
    method: "POST",
    path: `/api/v1/namespaces/default/serviceaccounts/${name}/token`,
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } },
  })) as unknown as { status: { token: string } };
  return kubeconfigFile(address, { token: status.token }, folder);
}

/** Writes a kubeconfig for a user into a folder. */
export function kubeconfigFile({ url, certificate }: ApiAddress, user: object, folder: string): string {
  const file = join(folder, "kubeconfig.json");
  const ca = Buffer.from(certificate).toString("base64");
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "one", cluster: { server: url, "certificate-authority-data": ca } }],
      users: [{ name: "one", user }],
      contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
      "current-context": "one",
    }),
    { mode: 0o600 },
  );
  return file;
}
