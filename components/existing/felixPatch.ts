import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { doNotWait } from "../rules/annotations.ts";
import { takeOver } from "../rules/existing/patchAnnotations.ts";
import { felixFields } from "../rules/existing/plan.ts";
import type { FoundFelix } from "../rules/existing/snapshot.ts";
import type { ExistingSettings } from "../rules/settings/existingSettings.ts";

export interface FelixPatchArgs {
  readonly settings: Pick<ExistingSettings, "calico" | "kubeProxy">;
  readonly apiVersion: FoundFelix["apiVersion"];
}

/** The fields of FelixConfiguration `default` that this program takes over, and no others. */
export function felixPatch(
  { settings, apiVersion }: FelixPatchArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new kubernetes.apiextensions.CustomResourcePatch(
    "felix-configuration",
    {
      apiVersion,
      kind: "FelixConfiguration",
      metadata: { name: "default", annotations: { ...takeOver("felix"), ...doNotWait } },
      spec: felixFields(settings),
    },
    opts,
  );
}
