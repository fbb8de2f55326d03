import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { whoseObjects } from "./eksAddons.ts";
import type { Settings } from "./settings/settings.ts";
import { dataplaneAnnotation, fieldManager } from "./specs/annotations.ts";

export interface CoreDnsArgs {
  readonly clusterName: pulumi.Input<string>;
  /** Version of the EKS add-on. */
  readonly addonVersion: string;
  /** The dataplane in use; a change of it rolls the pods. */
  readonly dataplane: Settings["calico"]["dataplane"];
  /** The ready gate, and kube-proxy where there is one. */
  readonly after: pulumi.Resource[];
  readonly tags: Readonly<Record<string, string>>;
}

/** CoreDNS as an EKS add-on, restarted whenever the dataplane is switched. */
export class CoreDns extends pulumi.ComponentResource {
  /** Ready once DNS answers on the dataplane in use. */
  readonly running: pulumi.Resource;

  constructor(name: string, args: CoreDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:CoreDns", name, {}, opts);
    const { clusterName, addonVersion, dataplane, after, tags } = args;
    const addon = new aws.eks.Addon(
      name,
      {
        clusterName,
        addonName: "coredns",
        addonVersion,
        ...whoseObjects,
        tags: { ...tags },
      },
      { parent: this, dependsOn: after },
    );
    // Its connection to the API server does not survive a switch. On the pod template, so that the engine waits for
    // the rollout; as a patch, because the add-on's configuration schema has no such field.
    this.running = new kubernetes.apps.v1.DeploymentPatch(
      name,
      {
        metadata: {
          name: "coredns",
          namespace: "kube-system",
          annotations: fieldManager("coredns"),
        },
        spec: { template: { metadata: { annotations: { [dataplaneAnnotation]: dataplane } } } },
      },
      { parent: this, dependsOn: addon },
    );
  }
}
