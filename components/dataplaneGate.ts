import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./settings/settings.ts";
import { dataplaneAnnotation, gate } from "./specs/annotations.ts";
import { felixApiVersion } from "./specs/felixConfiguration.ts";
import { dataplaneType } from "./specs/installation.ts";

export interface DataplaneGateArgs {
  /** The dataplane that the operator switches to. Plain. */
  readonly settings: Pick<Settings, "calico">;
  /** Installation, operator and node groups: everything that the operator needs to switch, submitted. */
  readonly after: pulumi.Resource[];
}

/** Passed once the operator has switched to the dataplane. Does not wait for health. */
export class DataplaneGate extends pulumi.ComponentResource {
  readonly passed: pulumi.Resource;

  constructor(name: string, args: DataplaneGateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:DataplaneGate", name, {}, opts);
    const { calico } = args.settings;
    // Annotations only: the fields keep their owners.
    this.passed = new kubernetes.apiextensions.CustomResourcePatch(
      "dataplane-gate",
      {
        apiVersion: felixApiVersion(calico.version),
        kind: "FelixConfiguration",
        metadata: {
          name: "default",
          annotations: {
            ...gate(`jsonpath={.spec.bpfEnabled}=${calico.dataplane === "BPF"}`, 900, "dataplane-gate"),
            [dataplaneAnnotation]: calico.dataplane,
          },
        },
      },
      // The gate's parent before it was separated from the Installation.
      {
        parent: this,
        dependsOn: args.after,
        aliases: [{ parent: pulumi.createUrn("dataplane", dataplaneType) }],
      },
    );
  }
}
