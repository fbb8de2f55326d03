import { Refusal, type Subject } from "../protocol/provider.ts";
import type { KubernetesObject } from "./object.ts";

/**
 * The real provider's words (pulumi/pulumi-kubernetes provider/pkg/provider/provider.go and provider/pkg/await/await.go),
 * with a resource's name where those have the whole URN.
 */

const removable =
  'you can remove this resource from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"';

/** What each call says of a cluster that does not answer. */
export const unreachable = {
  write: "configured Kubernetes cluster is unreachable: connection refused",
  delete: `configured Kubernetes cluster is unreachable. If the cluster was deleted, ${removable}`,
  read: `failed to read resource state due to unreachable cluster. If the cluster was deleted, ${removable}`,
} as const;

/** The same of a cluster that is there, and that a client gets no answer from. */
export function unanswered(words: string, problem: string): Refusal {
  const cause = words === unreachable.write ? words.replace(/: .*/, "") : words;
  return new Refusal(`${cause}: ${problem}`);
}

export function creationFailed({ name }: Subject, why: string): Refusal {
  return new Refusal(`resource "${name}" was not successfully created by the Kubernetes API server: ${why}`);
}

export function kindMissing({ name }: Subject, { apiVersion, kind }: KubernetesObject, why: string): Refusal {
  return new Refusal(
    `creation of resource "${name}" with kind ${apiVersion}/${kind} failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: ${why}`,
  );
}

/** What the API server says of an object without a field that its kind needs. */
export function invalid({ kind, metadata }: KubernetesObject, field: string): Refusal {
  return new Refusal(`${kind}.apps "${metadata.name}" is invalid: ${field}: Required value`);
}

/** What the provider makes of that when it gives up a patch of an object that is gone. */
export function relinquishFailed(field: string): Refusal {
  return new Refusal(
    `this Patch resource is currently managing a required field, so it can't be deleted directly. Either set the \`retainOnDelete\` resource option, or transfer ownership of the field before deleting: ${field}`,
  );
}

/** Begins what is said of an object that is written, and not what it should be. */
export const notLive = {
  create: ({ name }: Subject) =>
    `resource "${name}" was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live`,
  update: ({ name }: Subject) =>
    `the Kubernetes API server reported that "${name}" failed to fully initialize or become live`,
} as const;

/** Of a Deployment that is not available: its condition, and the end that the provider puts to it (await/deployment.go). */
export const unavailableDeployment = [
  "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
  "Minimum number of live Pods was not attained",
] as const;

const conflictHelp =
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources";

/** Says of a conflict what the real provider says with it; leaves other messages as they are. */
export function applyFailed(manager: string, message: string): string {
  return message.startsWith("Apply failed with")
    ? `server-side apply field conflict detected, see ${conflictHelp} for troubleshooting help\nThe resource managed by field manager "${manager}" had an apply conflict: ${message}`
    : message;
}
