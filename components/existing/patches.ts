import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import {
  type CalicoKind,
  endpointData,
  felixFields,
  madeByUs,
  secondPatch,
  takeOver,
} from "../checks/existing/plan.ts";
import type { FoundFelix, FoundWorkload } from "../checks/existing/snapshot.ts";
import type { ApiServerAddress, ExistingSettings } from "../settings/existing.ts";
import { doNotWait, endpointAnnotation, fieldsAnnotation } from "../specs/annotations.ts";

export interface FelixPatchArgs {
  readonly settings: Pick<ExistingSettings, "calico" | "kubeProxy">;
  readonly apiVersion: FoundFelix["apiVersion"];
  /** Without an operator, `bpfEnabled` is a patch of the same object, and the one with a named field manager. */
  readonly kind: CalicoKind;
}

/** The fields of FelixConfiguration `default` that this program takes over, and no others. */
export function felixPatch(
  { settings, apiVersion, kind }: FelixPatchArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const spec = felixFields(settings);
  const owner =
    kind === "operator"
      ? takeOver("felix")
      : { ...secondPatch, [fieldsAnnotation]: Object.keys(spec).toSorted().join(",") };
  return new kubernetes.apiextensions.CustomResourcePatch(
    "felix-configuration",
    {
      apiVersion,
      kind: "FelixConfiguration",
      metadata: { name: "default", annotations: { ...owner, ...doNotWait } },
      spec,
    },
    opts,
  );
}

export interface EndpointArgs {
  /** Namespace from which Calico reads it. */
  readonly namespace: string;
  readonly address: ApiServerAddress;
  /** Whether it exists already, created by others, with the same data. Plain: it decides whether this one is deleted at the end. */
  readonly isThere: boolean;
}

const name = "kubernetes-services-endpoint";

/** The API server's own address, through which Calico reaches it without a service. */
export function endpointConfigMap(
  { namespace, address, isThere }: EndpointArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const metadata = { name, namespace };
  const data = endpointData(address);
  if (!isThere) {
    const labels = { ...madeByUs };
    return new kubernetes.core.v1.ConfigMap(name, { metadata: { ...metadata, labels }, data }, opts);
  }
  const annotations = takeOver("endpoint");
  return new kubernetes.core.v1.ConfigMapPatch(name, { metadata: { ...metadata, annotations }, data }, opts);
}

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
