import type { Live } from "../../verify/check.ts";
import type { Collection } from "../collection.ts";

const namespaces = ["calico-system", "tigera-operator", "calico-apiserver"] as const;

const tailLines = 5000;

interface RawPod {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly nodeName?: string; readonly containers: readonly { readonly name: string }[] };
  readonly status?: {
    readonly containerStatuses?: readonly { readonly name: string; readonly restartCount?: number }[];
  };
}

/**
 * Collects the logs of Calico and its operator, and what containers said before their last restart.
 * @param nodeNames those of calico-node are collected on these nodes alone
 */
export async function collectLogs(
  live: Live,
  collection: Collection,
  nodeNames: readonly string[],
): Promise<void> {
  await Promise.all(namespaces.map((namespace) => ofNamespace(live, collection, namespace, nodeNames)));
}

async function ofNamespace(
  { cluster }: Live,
  collection: Collection,
  namespace: string,
  nodeNames: readonly string[],
): Promise<void> {
  await collection.attempt(`pods of ${namespace}`, async () => {
    const pods =
      (await cluster.list(`/api/v1/namespaces/${namespace}/pods`, (object) => object as RawPod)) ?? [];
    const chosen = pods.filter(
      ({ metadata, spec }) =>
        metadata.labels?.["k8s-app"] !== "calico-node" || nodeNames.includes(spec.nodeName ?? ""),
    );
    const logs = chosen.flatMap(({ metadata: { name: pod }, spec, status }) =>
      spec.containers.flatMap(({ name: container }) => {
        const restarts = status?.containerStatuses?.find(({ name }) => name === container)?.restartCount ?? 0;
        return [false, ...(restarts > 0 ? [true] : [])].map((previous) => ({ pod, container, previous }));
      }),
    );
    await Promise.all(
      logs.map(({ pod, container, previous }) =>
        collection.attempt(`log of ${namespace}/${pod}, ${container}`, async () => {
          const text = await cluster.logs({ namespace, pod, container, tailLines, previous });
          const file = previous ? `${container}.before-restart.log` : `${container}.log`;
          collection.addText(`logs/${namespace}/${pod}/${file}`, text);
        }),
      ),
    );
  });
}
