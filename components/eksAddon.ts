import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface EksAddonArgs {
  readonly clusterName: pulumi.Input<string>;
  /** Name of the add-on, as EKS has it. */
  readonly addonName: string;
  readonly addonVersion: string;
  /** Configuration values; {}: the add-on's own. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** What has to be there before its pods are: Calico ready on the nodes, its pods' credentials. */
  readonly after: pulumi.Input<pulumi.Resource>[];
  readonly tags: Readonly<Record<string, string>>;
}

/** An EKS add-on whose objects are EKS's own, but for what somebody has changed in the cluster. */
export class EksAddon extends pulumi.ComponentResource {
  /** There once EKS calls the add-on active: its pods run. */
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
