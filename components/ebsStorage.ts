import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

export interface EbsStorageArgs {
  /** The add-on that makes the volumes. */
  readonly driver: pulumi.Resource;
}

/** Name of the class of volumes that claims get when they name none. */
export const storageClass = "gp3";

/** Encrypted EBS volumes for claims, by default: in the zone of the pod, and deleted with the claim. */
export class EbsStorage extends pulumi.ComponentResource {
  constructor(name: string, args: EbsStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:EbsStorage", name, {}, opts);
    new kubernetes.storage.v1.StorageClass(
      name,
      {
        metadata: {
          name: storageClass,
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true" },
        // A volume is in one zone: the pod's.
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
        reclaimPolicy: "Delete",
      },
      { parent: this, dependsOn: args.driver },
    );
  }
}
