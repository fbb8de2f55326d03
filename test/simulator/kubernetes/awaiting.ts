import { NotReady, type State, type Subject } from "../protocol/provider.ts";
import { type Activity, TimedOut, type Wait } from "../world/activity.ts";
import type { Taint } from "../world/instance.ts";
import type { ApiServer } from "./apiServer.ts";
import { isPatch } from "./checkpoint.ts";
import { at, type KubernetesObject, keyOf } from "./object.ts";
import type { Operator } from "./operator.ts";
import { fulfilment } from "./waitFor.ts";
import { creationFailed, kindMissing, unavailableDeployment } from "./words.ts";

/** Seconds that the real provider waits for an object by default. */
export const defaultTimeoutSeconds = 600;

/** Seconds during which it was seen to try again when a kind or a namespace is not there yet. */
const missingTimeoutSeconds = 63;

/** What a wait looks at. */
export interface Surroundings {
  readonly api: ApiServer;
  readonly operator: Operator;
  readonly activity: Activity;
}

/**
 * Tries again for a while when the kind or the namespace is not there yet.
 * @throws Refusal when it takes too long
 */
export async function untilPossible(
  { api, activity }: Surroundings,
  subject: Subject,
  object: KubernetesObject,
): Promise<void> {
  const served = api.serves(object);
  const wait = {
    urn: subject.urn,
    what: served
      ? `namespace ${object.metadata.namespace}`
      : `the kind ${object.kind} of ${object.apiVersion}`,
    // Kinds that are not built in come by a definition, or with the operator.
    providedBy: served
      ? ["kubernetes:core/v1:Namespace"]
      : ["kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "kubernetes:helm.sh/v4:Chart"],
    timeoutSeconds: missingTimeoutSeconds,
  };
  try {
    await activity.until(wait, () => api.missing(object) === undefined);
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
    const missing = api.missing(object) ?? "";
    throw api.serves(object) ? creationFailed(subject, missing) : kindMissing(subject, object, missing);
  }
}

type Goal = Pick<Wait, "what"> & { readonly isCondition: boolean; holds(): boolean };

/**
 * Waits as the real provider does after it wrote an object: for what its `pulumi.com/waitFor` says, and for a Deployment
 * to be available.
 * @throws NotReady with the state, when it takes too long
 */
export async function untilReady(
  world: Surroundings,
  subject: Subject,
  object: KubernetesObject,
  state: State,
  /** What to say before the reason. */
  failed: string,
): Promise<void> {
  const { annotations = {} } = object.metadata;
  const goal = annotations["pulumi.com/skipAwait"] === "true" ? undefined : goalOf(world, subject, object);
  if (goal === undefined) return;
  const wait = {
    urn: subject.urn,
    get what() {
      return goal.what;
    },
    // A gate waits for what nodes and the operator do; the operator waits for the first node.
    providedBy: ["aws:eks/nodeGroup:NodeGroup"],
    timeoutSeconds: Number(annotations["pulumi.com/timeoutSeconds"] ?? defaultTimeoutSeconds),
  };
  try {
    await world.activity.until(wait, goal.holds);
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
    // What it waited for was a passing line of status.
    if (goal.isCondition) throw new NotReady(state, [`${failed}: timed out waiting for the condition`]);
    const why = `'${object.metadata.name}' timed out waiting to be Ready`;
    throw new NotReady(state, [`${failed}: ${why}`, ...unavailableDeployment]);
  }
}

/** What to wait for; undefined: nothing. */
function goalOf(
  { api, operator }: Surroundings,
  subject: Subject,
  object: KubernetesObject,
): Goal | undefined {
  const { kind, metadata } = object;
  // From the live object, written by any client (pulumi/pulumi-kubernetes provider/pkg/metadata/overrides.go, ReadyCondition).
  const live = () => api.get(keyOf(object)) ?? object;
  const waitFor = live().metadata.annotations?.["pulumi.com/waitFor"];
  if (waitFor !== undefined) {
    return {
      isCondition: true,
      get what() {
        return `${kind} ${metadata.name}: ${fulfilment(waitFor, live()).message}`;
      },
      holds: () => fulfilment(waitFor, live()).holds,
    };
  }
  if (kind !== "Deployment" || isPatch(subject)) return undefined;
  if (metadata.name !== "tigera-operator") {
    return {
      isCondition: false,
      what: `a node on which Deployment ${metadata.name} can run`,
      holds: () =>
        operator.readyNodes().filter(({ taints }) => tolerates(object, taints)).length >= neededNodes(object),
    };
  }
  return {
    isCondition: false,
    get what() {
      return operator.podNeeds ?? "the operator's pod";
    },
    holds: () => operator.available,
  };
}

/** Nodes that a Deployment's pods need: as many as there are pods, where no two may share one, or one has the other's ports. */
function neededNodes(deployment: KubernetesObject): number {
  const pod = at(deployment, "spec.template.spec");
  const apart = at(pod, "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution");
  if (apart === undefined && at(pod, "hostNetwork") !== true) return 1;
  return Number(at(deployment, "spec.replicas") ?? 1);
}

/** Whether a Deployment's pods start on a node with these taints. */
function tolerates(deployment: KubernetesObject, taints: readonly Taint[]): boolean {
  const tolerations = (at(deployment, "spec.template.spec.tolerations") ?? []) as readonly {
    readonly key?: string;
    readonly effect?: string;
  }[];
  return taints.every(
    (taint) =>
      taint.effect === "PreferNoSchedule" ||
      tolerations.some(
        ({ key = taint.key, effect = taint.effect }) => key === taint.key && effect === taint.effect,
      ),
  );
}

/**
 * Why an object that is only read counts as not ready; undefined: it does not. Kinds that the real provider knows nothing
 * of are never checked, whatever their `pulumi.com/waitFor` says (provider/pkg/await/await.go, Read).
 */
export function unreadiness(
  { operator }: Surroundings,
  { kind, metadata }: KubernetesObject,
): readonly string[] | undefined {
  const isOperator = kind === "Deployment" && metadata.name === "tigera-operator";
  if (!isOperator || metadata.annotations?.["pulumi.com/skipAwait"] === "true") return undefined;
  return operator.available
    ? undefined
    : [`Resource '${metadata.name}' was created but failed to initialize`, ...unavailableDeployment];
}
