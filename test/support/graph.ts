import { lookUp } from "../../components/values/lookUp.ts";
import type { Recorded } from "../../infra/commands/shared/plan/recorder.ts";
import { taggable } from "../../infra/policies/tags.ts";
import { stubType } from "./stub.ts";

type Resources = readonly Recorded[];

/** `type name` of each resource in alphabetical order, stubs left out: the order of registration is a matter of chance. */
export function registered(resources: Resources): string[] {
  return resources
    .filter(({ type }) => type !== stubType)
    .map(label)
    .toSorted();
}

/** The resource of a type; of a name, where the type has several. */
export function find(resources: Resources, type: string, name?: string): Recorded {
  const found = resources.filter((one) => one.type === type && (name === undefined || one.name === name));
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) {
    throw new Error(
      `${found.length} resources for ${type} ${name ?? ""}; there are\n${registered(resources).join("\n")}`,
    );
  }
  return first;
}

/** Names of the resources of a type, in alphabetical order. */
export function namesOf(resources: Resources, type: string): string[] {
  return resources
    .filter((one) => one.type === type)
    .map(({ name }) => name)
    .toSorted();
}

/** `type name` of what a resource depends on directly. */
export function dependenciesOf(resources: Resources, { dependsOn }: Recorded): string[] {
  return resources
    .filter(({ urn }) => dependsOn.includes(urn))
    .map(label)
    .toSorted();
}

/** `type name` of everything that has to be there before a resource: what it and its ancestors depend on, all the way. */
export function before(resources: Resources, resource: Recorded): Set<string> {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const seen = new Set<Recorded>();
  const visit = ({ dependsOn, parent }: Recorded) => {
    for (const urn of [...dependsOn, parent]) {
      const next = byUrn.get(urn);
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      visit(next);
    }
  };
  visit(resource);
  return new Set([...seen].filter(({ custom, remote }) => custom || remote).map(label));
}

/** `type name` of what has no parent but the stack, stubs left out. */
export function topLevel(resources: Resources): string[] {
  return registered(resources.filter(({ parent }) => !resources.some(({ urn }) => urn === parent)));
}

/** `type name` of the AWS resources that lack one of the tags. */
export function untagged(resources: Resources, tags: Readonly<Record<string, string>>): string[] {
  const lacks = ({ inputs }: Recorded) =>
    Object.entries(tags).some(
      ([key, value]) => (inputs["tags"] as Record<string, unknown> | undefined)?.[key] !== value,
    );
  return registered(
    resources.filter(
      (one) => /^(aws|eks):/.test(one.type) && lookUp(taggable, one.type) !== false && lacks(one),
    ),
  );
}

function label({ type, name }: Recorded): string {
  return `${type} ${name}`;
}

/**
 * Fields of one Kubernetes object into which two resources write different values: whatever the provider reads from the
 * object is then true of one of them only. `object path: first, second`.
 */
export function contested(resources: Resources): string[] {
  const written = new Map<string, Map<string, { readonly value: string; readonly by: string }>>();
  const found: string[] = [];
  for (const resource of resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
    const object = objectName(resource.inputs);
    if (object === undefined) continue;
    const fields = written.get(object) ?? new Map();
    written.set(object, fields);
    for (const [path, value] of leavesOf(resource.inputs)) {
      const other = fields.get(path);
      if (other === undefined) fields.set(path, { value, by: resource.name });
      else if (other.value !== value) found.push(`${object} ${path}: ${other.by}, ${resource.name}`);
    }
  }
  return found;
}

function objectName({ apiVersion, kind, metadata }: Recorded["inputs"]): string | undefined {
  const { name, namespace = "" } = (metadata ?? {}) as { name?: string; namespace?: string };
  return name === undefined ? undefined : `${apiVersion}/${kind} ${namespace}/${name}`;
}

/** Lists are leaves. */
function leavesOf(value: unknown, path = ""): [path: string, value: string][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [[path, JSON.stringify(value)]];
  }
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, `${path}.${key}`));
}
