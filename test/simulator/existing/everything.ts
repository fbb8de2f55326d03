import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { KubernetesObject } from "../kubernetes/object.ts";
import type { Api } from "../realKubernetes/api.ts";

/**
 * Kinds that controllers and kubelets make, count and renew by themselves: a restart of a pod changes them, and says
 * nothing of what anybody wants.
 */
const passing = [
  "ControllerRevision",
  "EndpointSlice",
  "Endpoints",
  "Event",
  "Lease",
  "Node",
  "Pod",
  "ReplicaSet",
  "TigeraStatus",
];

/** Counts and stamps of the API server itself. */
const stamps = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"];

interface Listed {
  readonly name: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** Every object in a cluster but the passing ones, without status, by name: for comparing before with after. */
export async function everything({ client }: Api): Promise<Readonly<Record<string, unknown>>> {
  const groups = (await client.send({ method: "GET", path: "/apis" })) as unknown as {
    groups: readonly { preferredVersion: { groupVersion: string } }[];
  };
  const versions = ["v1", ...groups.groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
  const found: [string, unknown][] = [];
  for (const version of versions) {
    const root = version.includes("/") ? `/apis/${version}` : `/api/${version}`;
    const { resources } = (await client.send({ method: "GET", path: root })) as unknown as {
      resources: readonly Listed[];
    };
    const kinds = resources.filter(
      ({ name, kind, verbs }) => !name.includes("/") && verbs.includes("list") && !passing.includes(kind),
    );
    for (const { name, kind } of kinds) {
      const { items } = (await client.send({ method: "GET", path: `${root}/${name}` })) as unknown as {
        items: readonly KubernetesObject[];
      };
      for (const item of items) found.push([nameOf(version, kind, item), lasting(item)]);
    }
  }
  return Object.fromEntries(found.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

const lookMilliseconds = 1000;

/** Looks that have to find the same before a cluster counts as settled. */
const sameLooks = 4;

const mostLooks = 60;

/** As `everything`, once controllers and the operator have done what they still had to do. */
export async function settled(api: Api): Promise<Readonly<Record<string, unknown>>> {
  let last = await everything(api);
  for (let same = 1, looks = 1; same < sameLooks; looks += 1) {
    if (looks === mostLooks) throw new Error("the cluster goes on changing");
    await sleep(lookMilliseconds);
    const now = await everything(api);
    same = isDeepStrictEqual(now, last) ? same + 1 : 1;
    last = now;
  }
  return last;
}

function nameOf(version: string, kind: string, { metadata }: KubernetesObject): string {
  return [version, kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join(" ");
}

function lasting({ status: _, apiVersion: _apiVersion, kind: _kind, ...object }: KubernetesObject): unknown {
  const metadata = Object.entries(object.metadata).filter(([field]) => !stamps.includes(field));
  const { annotations, ...others } = Object.fromEntries(metadata) as Record<string, unknown>;
  // The controller's count of template changes.
  const {
    "deprecated.daemonset.template.generation": _count,
    "deployment.kubernetes.io/revision": _revision,
    ...kept
  } = (annotations ?? {}) as Record<string, string>;
  return {
    ...object,
    metadata: { ...others, ...(Object.keys(kept).length > 0 ? { annotations: kept } : {}) },
  };
}
