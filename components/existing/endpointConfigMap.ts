import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { madeByUs } from "../checks/existing/ownership.ts";
import { takeOver } from "../checks/existing/patchAnnotations.ts";
import { endpointData } from "../checks/existing/plan.ts";
import type { ApiServerAddress } from "../settings/existingSettings.ts";

export interface EndpointArgs {
  /** Namespace from which Calico reads it. */
  readonly namespace: string;
  readonly address: ApiServerAddress;
  /** Whether somebody else has made it, with the same data. Plain: it decides whether ours is deleted at the end. */
  readonly isThere: boolean;
}

const name = "kubernetes-services-endpoint";

/** The API server's own address, for Calico to reach it without a service. */
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
