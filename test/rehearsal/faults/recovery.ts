import { type KubernetesObject, keyOf } from "../../simulator/kubernetes/object.ts";
import type { World } from "../../simulator/world/world.ts";
import type { Engine } from "../engine.ts";
import { adopted, type Pending, pendingOf, stateOf, typeOf } from "./state.ts";

interface Surroundings {
  readonly engine: Engine;
  readonly world: World;
}

/** What was in flight when the engine was killed. */
export interface InFlight extends Pending {
  /** ID of the object that was created nevertheless; undefined: none, or none was expected. */
  readonly id: string | undefined;
}

/**
 * Follows docs/troubleshooting.md, "After a killed run", up to the last `up`: releases the lock, puts what
 * was created nevertheless into the state, and refreshes.
 *
 * `pulumi refresh --import-pending-creates` does not work: v3.250 removes the operation from its list and imports nothing.
 * @returns what was in flight
 */
export async function recover({ engine, world }: Surroundings): Promise<InFlight[]> {
  await engine.command("cancel", "--yes");
  const deployment = await engine.deployment();
  const known = new Set(stateOf(deployment).map(({ urn, id }) => `${urn} ${id}`));
  const inFlight = pendingOf(deployment).map((one) => ({
    ...one,
    id: one.type === "creating" ? objectOf(world, one, known) : undefined,
  }));
  const ids = inFlight.flatMap(({ urn, id }) => (id === undefined ? [] : [[urn, id] as const]));
  if (inFlight.length > 0) await engine.replaceDeployment(adopted(deployment, new Map(ids)));
  await engine.refresh();
  return inFlight;
}

/** URNs of the node groups that failed. They stay failed, because EKS accepts no update of them, and Pulumi does not see it. */
export function failedNodeGroups({ aws }: World): string[] {
  return aws
    .ofType("aws:eks/nodeGroup:NodeGroup")
    .filter(({ outputs }) => outputs["status"] === "CREATE_FAILED")
    .map(({ urn }) => urn);
}

/**
 * Follows docs/troubleshooting.md, "NodeCreationFailure".
 * @returns URNs of the node groups that were replaced
 */
export async function replaceFailedNodeGroups({ engine, world }: Surroundings): Promise<string[]> {
  const failed = failedNodeGroups(world);
  if (failed.length > 0) await engine.up(() => {}, failed);
  return failed;
}

/** What someone would look up in the AWS console, or with kubectl. A patch made again is the same patch. */
function objectOf(
  { aws, kubernetes }: World,
  { urn, custom, inputs }: Pending,
  known: ReadonlySet<string>,
): string | undefined {
  const type = typeOf(urn);
  // The component of a chart has a type of the kubernetes package, and no object.
  if (!custom) return undefined;
  if (type.startsWith("aws:")) {
    // What will be replaced still exists, too, and is in the state.
    return [...aws.objects.values()].find(
      (one) => one.urn === urn && one.type === type && !known.has(`${urn} ${one.id}`),
    )?.id;
  }
  if (!type.startsWith("kubernetes:") || type.endsWith("Patch")) return undefined;
  const object = inputs as unknown as KubernetesObject;
  const { name, namespace } = object.metadata;
  if (kubernetes.api.get(keyOf(object)) === undefined) return undefined;
  return namespace === undefined ? name : `${namespace}/${name}`;
}
