import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { secondPatch, takeOver } from "../checks/existing/patchAnnotations.ts";
import { type CalicoKind, felixFields } from "../checks/existing/plan.ts";
import type { FoundFelix } from "../checks/existing/snapshot.ts";
import type { ExistingSettings } from "../settings/existingSettings.ts";
import { doNotWait, fieldsAnnotation } from "../specs/annotations.ts";

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
