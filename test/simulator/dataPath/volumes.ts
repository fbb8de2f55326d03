import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Api } from "../realKubernetes/api.ts";
import { fieldOf, type Items, type Pod, type Source, type Volume } from "./podSpec.ts";

/** Where a pod runs. */
export interface Place {
  readonly nodeIp: string;
  readonly podIp: string;
}

/** Seconds that a token is good for: longer than any run. */
const tokenSeconds = 86_400;

/**
 * Writes the volumes of a pod into a folder that its node sees.
 * @returns the path on the node, by the volume's name
 * @throws Error when an object that a volume is made of is not there
 */
export async function writeVolumes(
  api: Api,
  pod: Pod,
  place: Place,
  folder: string,
): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  for (const volume of pod.spec.volumes ?? []) {
    const path = volume.hostPath?.path ?? join(folder, volume.name);
    if (volume.hostPath === undefined) {
      mkdirSync(path, { recursive: true });
      for (const [name, content] of await contents(api, pod, place, volume)) write(join(path, name), content);
    }
    paths.set(volume.name, path);
  }
  return paths;
}

function write(file: string, content: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}

async function contents(
  api: Api,
  pod: Pod,
  place: Place,
  { configMap, secret, projected }: Volume,
): Promise<[string, Buffer][]> {
  if (configMap !== undefined) return data(api, pod, "ConfigMap", configMap.name, configMap);
  if (secret !== undefined) return data(api, pod, "Secret", secret.secretName, secret);
  const parts = await Promise.all((projected?.sources ?? []).map((source) => part(api, pod, place, source)));
  return parts.flat();
}

async function part(api: Api, pod: Pod, place: Place, source: Source): Promise<[string, Buffer][]> {
  const { serviceAccountToken: token, configMap, secret, downwardAPI } = source;
  if (token !== undefined) return [[token.path, Buffer.from(await tokenOf(api, pod, token.audience))]];
  if (configMap !== undefined) return data(api, pod, "ConfigMap", configMap.name, configMap);
  if (secret !== undefined) return data(api, pod, "Secret", secret.name, secret);
  return (downwardAPI?.items ?? []).map(({ path, fieldRef }) => [
    path,
    Buffer.from(fieldOf(pod, fieldRef?.fieldPath ?? "", place)),
  ]);
}

async function data(
  api: Api,
  pod: Pod,
  kind: "ConfigMap" | "Secret",
  name: string,
  { items, optional }: Items,
): Promise<[string, Buffer][]> {
  const all = await dataOf(api, pod, kind, name);
  if (all === undefined) {
    if (optional === true) return [];
    throw new Error(`${kind.toLowerCase()} "${name}" not found`);
  }
  const wanted = items ?? [...all.keys()].map((key) => ({ key, path: key }));
  return wanted.flatMap(({ key, path }): [string, Buffer][] => {
    const value = all.get(key);
    return value === undefined ? [] : [[path, value]];
  });
}

/** Values of a ConfigMap or a Secret by their keys; undefined: there is no such object. */
export async function dataOf(
  api: Api,
  pod: Pod,
  kind: "ConfigMap" | "Secret",
  name: string,
): Promise<Map<string, Buffer> | undefined> {
  const metadata = { name, namespace: pod.metadata.namespace };
  const found = (await api.get({ apiVersion: "v1", kind, metadata })) as
    | { data?: Record<string, string>; binaryData?: Record<string, string> }
    | undefined;
  if (found === undefined) return undefined;
  const text = kind === "Secret" ? "base64" : "utf8";
  return new Map([
    ...Object.entries(found.data ?? {}).map(([key, value]) => [key, Buffer.from(value, text)] as const),
    ...Object.entries(found.binaryData ?? {}).map(
      ([key, value]) => [key, Buffer.from(value, "base64")] as const,
    ),
  ]);
}

async function tokenOf(api: Api, pod: Pod, audience: string | undefined): Promise<string> {
  const { namespace, name, uid } = pod.metadata;
  const account = pod.spec.serviceAccountName ?? "default";
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  const body = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {
      expirationSeconds: tokenSeconds,
      ...(audience === undefined ? {} : { audiences: [audience] }),
      boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
    },
  };
  const { status } = (await api.client.send({ method: "POST", path, body })) as unknown as {
    status: { token: string };
  };
  return status.token;
}
