import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface EksAddonArgs {
  readonly clusterName: pulumi.Input<string>;
  /** EKS's name of the add-on. */
  readonly addonName: string;
  readonly addonVersion: string;
  /** Configuration values; {}: the add-on's defaults. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Must exist before its pods: Calico ready on the nodes, its pods' credentials. */
  readonly after: pulumi.Input<pulumi.Resource>[];
  readonly tags: Readonly<Record<string, string>>;
}

/** An EKS add-on. EKS owns its objects, except for what was changed in the cluster. */
export class EksAddon extends pulumi.ComponentResource {
  /** Complete once EKS reports the add-on active: its pods run. */
  readonly running: pulumi.Resource;

  constructor(name: string, args: EksAddonArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:EksAddon", name, {}, opts);
    const { clusterName, addonName, addonVersion, configuration, after, tags } = args;
    this.running = new aws.eks.Addon(
      name,
      {
        clusterName,
        addonName,
        addonVersion,
        ...(Object.keys(configuration).length === 0
          ? {}
          : { configurationValues: JSON.stringify(configuration) }),
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "PRESERVE",
        tags: { ...tags },
      },
      { parent: this, dependsOn: after },
    );
  }
}
