import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { takeOver } from "../checks/existing/patchAnnotations.ts";
import type { FoundWorkload } from "../checks/existing/snapshot.ts";
import { endpointAnnotation } from "../specs/annotations.ts";

export interface Restarted extends Pick<FoundWorkload, "kind" | "name"> {
  readonly namespace: string;
}

/**
 * Rolls a workload when a version changes, and once more when it is given up, by an annotation of its pods: the engine
 * waits for the rollout.
 */
export function restart(
  { kind, namespace, name }: Restarted,
  version: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const args = {
    metadata: { name, namespace, annotations: takeOver(name) },
    spec: { template: { metadata: { annotations: { [endpointAnnotation]: version } } } },
  };
  return kind === "DaemonSet"
    ? new kubernetes.apps.v1.DaemonSetPatch(name, args, opts)
    : new kubernetes.apps.v1.DeploymentPatch(name, args, opts);
}
