import { at, type KubernetesObject } from "../kubernetes/object.ts";
import { fulfilment } from "../kubernetes/waitFor.ts";
import { NotReady, type State, type Subject } from "../protocol/provider.ts";
import { type Activity, TimedOut, type Wait } from "../world/activity.ts";
import type { Api } from "./api.ts";
import { whyNotReady } from "./pods.ts";
import { rollout } from "./rollout.ts";

/** Seconds that the real provider waits for an object by default. */
const defaultTimeoutSeconds = 600;

const pollMilliseconds = 150;

/** What a wait looks at. */
export interface Surroundings {
  readonly api: Api;
  readonly activity: Activity;
}

/**
 * Waits until the test holds, and looks again from time to time.
 * @throws TimedOut when nothing that still runs could make it hold, and what the look throws
 */
export async function untilPolled(
  activity: Activity,
  wait: Wait,
  look: () => Promise<void>,
  holds: () => boolean,
): Promise<void> {
  await look();
  if (holds()) return;
  let failure: unknown;
  let failed = false;
  let before = wait.what;
  const poll = async () => {
    try {
      await look();
    } catch (error) {
      failed = true;
      failure = error;
    }
    const news = failed || holds() || wait.what !== before;
    before = wait.what;
    // Only news keeps a wait from timing out.
    if (news) activity.changed();
    if (!over) timer = setTimeout(poll, pollMilliseconds);
  };
  let over = false;
  let timer = setTimeout(poll, pollMilliseconds);
  try {
    await activity.until(wait, () => failed || holds());
  } finally {
    over = true;
    clearTimeout(timer);
  }
  if (failed) throw failure;
}

/**
 * Waits as the real provider does after it wrote an object: for what `pulumi.com/waitFor` of the live object says, and
 * for the rollout of a Deployment or a DaemonSet.
 * @throws NotReady with the state, when it takes too long
 */
export async function untilReady(
  { api, activity }: Surroundings,
  subject: Subject,
  object: KubernetesObject,
  state: State,
  /** What to say before the reason. */
  failed: string,
): Promise<void> {
  const { annotations = {} } = object.metadata;
  if (annotations["pulumi.com/skipAwait"] === "true") return;
  let live = object;
  let pods: readonly string[] = [];
  const found = () => fulfilmentOf(live);
  const wait = {
    urn: subject.urn,
    get what() {
      return [`${object.kind} ${object.metadata.name}: ${found().message}`, ...pods].join("; ");
    },
    // A gate waits for what nodes and the operator do; the operator waits for the first node.
    providedBy: ["aws:eks/nodeGroup:NodeGroup"],
    timeoutSeconds: Number(annotations["pulumi.com/timeoutSeconds"] ?? defaultTimeoutSeconds),
  };
  const look = async () => {
    live = (await api.get(object)) ?? live;
    pods = found().holds ? [] : await podProblems(api, live);
  };
  try {
    await untilPolled(activity, wait, look, () => found().holds);
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
    throw new NotReady(state, [`${failed}: ${error.message}`]);
  }
}

/** What the pods of a Deployment say that are not ready, as the real provider tells of them. */
async function podProblems(api: Api, { kind, metadata, spec }: KubernetesObject): Promise<string[]> {
  if (kind !== "Deployment") return [];
  const labels = Object.entries(at(spec, "selector.matchLabels") ?? {});
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(",");
  const path = `/api/v1/namespaces/${metadata.namespace}/pods`;
  const { items } = (await api.client.send({ method: "GET", path, query: { labelSelector } })) as unknown as {
    items: readonly KubernetesObject[];
  };
  return items
    .filter((pod) => whyNotReady(pod) !== "")
    .map((pod) => `[Pod ${metadata.namespace}/${pod.metadata.name}]: ${whyNotReady(pod)}`);
}

function fulfilmentOf(live: KubernetesObject) {
  // From the live object, written by any client (pulumi/pulumi-kubernetes provider/pkg/metadata/overrides.go, ReadyCondition).
  const waitFor = live.metadata.annotations?.["pulumi.com/waitFor"];
  return waitFor === undefined ? rollout(live) : fulfilment(waitFor, live);
}

/** Waits until an object and what holds it back are gone. */
export async function untilGone(
  { api, activity }: Surroundings,
  subject: Subject,
  object: KubernetesObject,
): Promise<void> {
  let live: KubernetesObject | undefined = object;
  const wait = {
    urn: subject.urn,
    get what() {
      const finalizers = at(live, "metadata.finalizers");
      const held = Array.isArray(finalizers) && finalizers.length > 0 ? finalizers.join(", ") : "";
      return `${object.kind} ${object.metadata.name} to go${held && `, which its finalizers hold back: ${held}`}`;
    },
    providedBy: [],
    timeoutSeconds: Number(
      object.metadata.annotations?.["pulumi.com/timeoutSeconds"] ?? defaultTimeoutSeconds,
    ),
  };
  const look = async () => {
    live = (await api.serves(object)) ? await api.get(object) : undefined;
  };
  await untilPolled(activity, wait, look, () => live === undefined);
}
