import type { Settings } from "../../../components/settings/settings.ts";
import { type KubernetesObject, keyOf } from "../../simulator/kubernetes/object.ts";
import type { World } from "../../simulator/world/world.ts";
import { type Check, checkCluster, leftovers } from "../checks.ts";
import { type Engine, EngineError } from "../engine.ts";
import { wrongOutputs } from "./outputs.ts";
import { pendingOf, type StateResource, stateOf, typeOf } from "./state.ts";

/** What the convergence check needs. */
export interface Disturbed {
  readonly engine: Engine;
  readonly world: World;
  readonly settings: Settings;
}

/** Checks, once the faults are over, that one more `up` reaches the program's state. */
export async function converges({ engine, world, settings }: Disturbed): Promise<Check[]> {
  let outputs: Readonly<Record<string, unknown>> = {};
  const upFailures = await failuresOf(async () => {
    outputs = await engine.up();
    return [];
  });
  const succeeded: Check = { name: "the next up succeeds", failures: upFailures };
  if (upFailures.length > 0) return [succeeded];

  const deployment = await engine.deployment();
  const resources = stateOf(deployment);
  return [
    succeeded,
    { name: "a preview then shows no change", failures: await failuresOf(() => changes(engine)) },
    { name: "nothing is duplicated", failures: doubled(world) },
    { name: "nothing is lost", failures: [...missing(world, resources), ...forgotten(world, resources)] },
    {
      name: "nothing is pending",
      failures: pendingOf(deployment).map(({ urn, type }) => `${urn} is left as ${type}`),
    },
    { name: "the outputs are right", failures: wrongOutputs(world, settings, outputs) },
    ...checkCluster(world, settings),
  ];
}

/** Checks that a destroy deletes everything. */
export async function leavesNothing({ engine, world }: Disturbed): Promise<Check[]> {
  const failures = await failuresOf(async () => {
    await engine.destroy();
    return [];
  });
  return [
    { name: "destroy succeeds", failures },
    { name: "destroy leaves the cloud empty", failures: leftovers(world) },
  ];
}

/** AWS objects, where one logical resource created more than one. */
function doubled({ aws }: World): string[] {
  const own = [...aws.objects.values()].filter(isOwn);
  return [...Map.groupBy(own, ({ urn }) => urn)]
    .filter(([, objects]) => objects.length > 1)
    .map(([urn, objects]) => `${urn}: ${objects.map(({ id }) => id).join(", ")}`);
}

/** Where state and cloud differ: what only one of them has. */
export async function strays({ engine, world }: Pick<Disturbed, "engine" | "world">): Promise<string[]> {
  const resources = stateOf(await engine.checkpoint());
  return [...missing(world, resources), ...forgotten(world, resources)];
}

/** Resources of the state that the cloud does not have. */
function missing({ aws, kubernetes }: World, resources: readonly StateResource[]): string[] {
  const isGone = ({ type, id, inputs }: StateResource) => {
    if (type.startsWith("aws:")) return aws.find(type, id) === undefined;
    return type.startsWith("kubernetes:") && kubernetes.api.get(keyOf(asObject(inputs))) === undefined;
  };
  return resources
    .filter((one) => one.custom && isGone(one))
    .map(({ urn, id }) => `${urn}: ${id} is not in the cloud`);
}

/** AWS objects that a resource created and the state does not have. */
function forgotten({ aws }: World, resources: readonly StateResource[]): string[] {
  const known = new Set(resources.map(({ urn, id }) => `${urn} ${id}`));
  return [...aws.objects.values()]
    .filter((object) => isOwn(object) && !known.has(`${object.urn} ${object.id}`))
    .map(({ urn, id }) => `${urn}: ${id} is not in the state`);
}

/** Created by a resource, and not additionally by AWS. */
function isOwn({ type, urn }: { readonly type: string; readonly urn: string }): boolean {
  return typeOf(urn) === type;
}

function asObject(inputs: StateResource["inputs"]): KubernetesObject {
  return inputs as unknown as KubernetesObject;
}

async function changes(engine: Engine): Promise<string[]> {
  const summary = await engine.preview();
  return Object.entries(summary)
    .filter(([operation]) => operation !== "same")
    .map(([operation, count]) => `${count} to ${operation}`);
}

async function failuresOf(run: () => Promise<string[]>): Promise<string[]> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof EngineError) return error.diagnostics.map(({ message }) => message);
    throw error;
  }
}
