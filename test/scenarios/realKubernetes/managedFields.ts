import type { KubernetesObject } from "../../simulator/kubernetes/object.ts";

interface ManagedFields {
  readonly manager: string;
  readonly fieldsV1?: Tree;
}

type Tree = { readonly [key: string]: Tree };

/** The managers of a live object that are this program's, and the fields that more than one of them has. */
export function ownersOf({ metadata }: KubernetesObject): { managers: string[]; shared: string[] } {
  const { managedFields = [] } = metadata as { managedFields?: readonly ManagedFields[] };
  const ours = managedFields.filter(({ manager }) => /^(pulumi-kubernetes|calico-ebpf-eks-)/.test(manager));
  const fields = ours.flatMap(({ fieldsV1 = {} }) => leaves(fieldsV1));
  return {
    // Up to 4.28 the provider creates under the name that it updates under, with a random end.
    managers: ours
      .map(({ manager }) => manager.replace(/^(pulumi-kubernetes)-[0-9a-f]{8}$/, "$1"))
      .toSorted(),
    shared: fields.filter((field, index) => fields.indexOf(field) !== index),
  };
}

/** Paths of what is owned: a node that only groups others has no owner. */
function leaves(tree: Tree, path = ""): string[] {
  const entries = Object.entries(tree);
  if (entries.length === 0) return [path];
  return entries.filter(([key]) => key !== ".").flatMap(([key, child]) => leaves(child, `${path}/${key}`));
}
