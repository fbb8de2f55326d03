import type { State, Subject, Value, Values } from "../protocol/provider.ts";
import type { ApiServer } from "./apiServer.ts";
import { type KubernetesObject, keyOf, objectOf } from "./object.ts";

/**
 * What the real provider keeps of an object in the state, and reads from it (pulumi/pulumi-kubernetes 4.32,
 * provider/pkg/provider/provider.go: fieldManagerName, checkpointObject, pruneLiveState).
 */

/** Key of the outputs that holds the field manager. */
const fieldManagerKey = "__fieldManager";

const annotation = "pulumi.com/patchFieldManager";

/** `NAME` or `NAMESPACE/NAME`. */
export function idOf({ metadata }: KubernetesObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

export function isPatch({ type }: Subject): boolean {
  return type.endsWith("Patch");
}

/**
 * Name under which fields are written: that of the inputs' annotation, else that of the state, else one that the real
 * provider makes up at random.
 */
export function managerOf({ name }: Subject, inputs: Values, state: Values = {}): string {
  const kept = state[fieldManagerKey];
  return (
    objectOf(inputs).metadata?.annotations?.[annotation] ??
    (typeof kept === "string" ? kept : `pulumi-kubernetes-${name}`)
  );
}

/** State after a write: the field manager stays when a later program no longer names one. */
export function checkpoint(id: string, inputs: Values, manager: string): State {
  return { id, outputs: { ...inputs, [fieldManagerKey]: manager } };
}

/**
 * State after a read: the inputs become what the live object says where the inputs said something. So an annotation that
 * another client has changed goes into the state, that of the field manager too.
 */
export function readState(subject: Subject, id: string, state: Values, inputs: Values, live: Values): State {
  const found = pruned(live, inputs);
  return { ...checkpoint(id, found, managerOf(subject, inputs, state)), inputs: found };
}

/** As much of a live value as has the shape of an input. Lists are compared by place; what a live list has more is left out. */
function pruned(live: Values, shape: Values): Values {
  return Object.fromEntries(
    Object.entries(live).flatMap(([key, value]) => {
      const wanted = shape[key];
      return wanted === undefined ? [] : [[key, prunedValue(value, wanted)] as const];
    }),
  );
}

function prunedValue(live: Values[string], shape: Values[string]): Values[string] {
  if (Array.isArray(live) && Array.isArray(shape)) {
    return shape.flatMap((wanted, index) => {
      const found = live[index];
      return found === undefined ? [] : [prunedValue(found, wanted)];
    });
  }
  return isMapping(live) && isMapping(shape) ? pruned(live, shape) : live;
}

function isMapping(value: Values[string]): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object of an input without anything but its identity. */
export function bareOf({ apiVersion, kind, metadata }: KubernetesObject): KubernetesObject {
  const { name, namespace } = metadata;
  return { apiVersion, kind, metadata: namespace === undefined ? { name } : { name, namespace } };
}

/** Fields without which an object of a kind cannot be made, of the kinds that this program patches. */
export function requiredField(object: KubernetesObject): string | undefined {
  return object.apiVersion === "apps/v1" && !hasSelector(object) ? "spec.selector" : undefined;
}

function hasSelector({ spec }: KubernetesObject): boolean {
  return typeof spec === "object" && spec !== null && "selector" in spec;
}

/** The state with the live status of a Deployment, which the real provider keeps among the outputs. */
export function withStatus(api: ApiServer, state: State): State {
  if (state.outputs["kind"] !== "Deployment") return state;
  const status = api.get(keyOf(objectOf(state.outputs)))?.["status"];
  return status === undefined ? state : { ...state, outputs: { ...state.outputs, status: status as Value } };
}

/** What an import asks for: `kubernetes:apps/v1:Deployment` and `NAMESPACE/NAME`. */
export function named({ type }: Subject, id: string): KubernetesObject {
  const [, version = "", kind = ""] = type.split(":");
  const [name = "", namespace] = id.split("/").toReversed();
  return {
    apiVersion: version.replace(/^core\//, ""),
    kind,
    metadata: namespace === undefined ? { name } : { name, namespace },
  };
}

/** Inputs of an object that is imported: all of it that can be an input. */
export function importable(live: KubernetesObject): Values {
  const { status: _, metadata, ...fields } = JSON.parse(JSON.stringify(live));
  const { generation: _generation, ...kept } = metadata;
  return { ...fields, metadata: kept };
}
