import { NotReady, type State, type Subject, type Value, type Values } from "../protocol/provider.ts";
import type { ApiServer } from "./apiServer.ts";
import type { Surroundings } from "./awaiting.ts";
import { isDefinition } from "./definitions.ts";
import { type KubernetesObject, keyOf, objectOf } from "./object.ts";

const operatorKey = "apps/v1/Deployment/tigera-operator/tigera-operator";

/** What the engine keeps of a resource: its inputs, and of a Deployment the live status. */
export function outputsOf(api: ApiServer, inputs: Values): Values {
  if (inputs["kind"] !== "Deployment") return inputs;
  const status = api.get(keyOf(objectOf(inputs)))?.["status"];
  return status === undefined ? inputs : { ...inputs, status: status as Value };
}

/**
 * Reads a resource as the real provider does (pulumi/pulumi-kubernetes provider/pkg/provider/provider.go, Read): the live
 * object in the shape of the inputs, all of it when there are none, as in an import. Of kinds whose fields others do not
 * write here, the inputs are what is there.
 * @throws NotReady with the state, for a Deployment that is not available, unless its inputs skip the wait
 */
export function readState(
  { api, operator }: Surroundings,
  subject: Subject,
  id: string,
  inputs: Values,
): State | undefined {
  const imported = Object.keys(inputs).length === 0;
  const live = api.get(keyOf(imported ? named(subject, id) : objectOf(inputs)));
  if (live === undefined) return undefined;
  const shaped = isDefinition(live) ? pruned(live, inputs) : inputs;
  const found = imported ? importable(live) : shaped;
  const state = { id, inputs: found, outputs: outputsOf(api, found) };
  const waits = !imported && objectOf(inputs).metadata.annotations?.["pulumi.com/skipAwait"] !== "true";
  if (keyOf(live) === operatorKey && waits && !operator.available) {
    throw new NotReady(state, [
      "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
    ]);
  }
  return state;
}

/** What an import asks for: `kubernetes:apps/v1:Deployment` and `NAMESPACE/NAME`. */
function named({ type }: Subject, id: string): KubernetesObject {
  const [, version = "", kind = ""] = type.split(":");
  const [name = "", namespace] = id.split("/").toReversed();
  return {
    apiVersion: version.replace(/^core\//, ""),
    kind,
    metadata: namespace === undefined ? { name } : { name, namespace },
  };
}

/** Without what is not an input. */
function importable(live: KubernetesObject): Values {
  const { status: _, metadata, ...fields } = JSON.parse(JSON.stringify(live));
  const { generation: _generation, ...named } = metadata;
  return { ...fields, metadata: named };
}

/** The live object in the shape of the inputs; lists as a whole. */
function pruned(live: KubernetesObject, inputs: Values): Values {
  return prunedValue(JSON.parse(JSON.stringify(live)), inputs) as Values;
}

function prunedValue(live: Value, shape: Value): Value {
  if (!isMapping(live) || !isMapping(shape)) return live;
  return Object.fromEntries(
    Object.entries(live).flatMap(([key, value]) => {
      const inner = shape[key];
      return inner === undefined ? [] : [[key, prunedValue(value, inner)]];
    }),
  );
}

function isMapping(value: Value): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
