import { at, type KubernetesObject } from "../kubernetes/object.ts";
import type { Values } from "../protocol/provider.ts";
import type { Api } from "./api.ts";
import type { Mirror } from "./mirror.ts";

/** Field manager of what a node's kubelet writes. */
const manager = "kubelet";

/** Pods of an app that have started and are to stay. */
export function runningPods(mirror: Mirror, app: string): KubernetesObject[] {
  return mirror
    .ofKind("v1", "Pod")
    .filter(
      ({ metadata, status }) =>
        metadata.labels?.["k8s-app"] === app &&
        metadata.deletionTimestamp === undefined &&
        at(status, "phase") === "Running",
    );
}

/** Name of the node that a pod runs on. */
export function nodeNameOf(pod: KubernetesObject): string {
  return String(at(pod, "spec.nodeName"));
}

export function isReady(pod: KubernetesObject): boolean {
  return list(pod, "conditions").some(({ type, status }) => type === "Ready" && status === "True");
}

/** Writes what the kubelet finds when it asks a pod whether it is ready; what the pod lacks stands for its log. */
export async function setReady(
  api: Api,
  mirror: Mirror,
  pod: KubernetesObject,
  lacks: string | undefined,
): Promise<void> {
  const ready = lacks === undefined;
  const message = ready
    ? ""
    : `containers with unready status: [${pod.metadata.labels?.["k8s-app"]}]: ${lacks}`;
  if (isReady(pod) === ready && whyNotReady(pod) === message) return;
  const conditions = list(pod, "conditions").map((one) =>
    ["Ready", "ContainersReady"].includes(String(one["type"]))
      ? { ...one, status: ready ? "True" : "False", message }
      : one,
  );
  const containerStatuses = list(pod, "containerStatuses").map((one) => ({ ...one, ready }));
  mirror.take(await api.merge(pod, { status: { conditions, containerStatuses } }, manager, "status"));
}

/** The message of the Ready condition; empty: it says nothing. */
export function whyNotReady(pod: KubernetesObject): string {
  return String(list(pod, "conditions").find(({ type }) => type === "Ready")?.["message"] ?? "");
}

function list(pod: KubernetesObject, name: string): Values[] {
  const found = at(pod, `status.${name}`);
  return Array.isArray(found) ? found : [];
}
