import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parkedPod } from "./checks/existing/kubeProxy.ts";
import { whoseObjects } from "./eksAddons.ts";
import type { Settings } from "./settings/settings.ts";
import { fieldManager } from "./specs/annotations.ts";

export interface KubeProxyArgs {
  readonly clusterName: pulumi.Input<string>;
  /** Plain: it decides which resources exist. */
  readonly mode: Settings["kubeProxy"];
  /** Version of the EKS add-on. */
  readonly addonVersion: string;
  /** Never anything that waits for health: an emergency reversal must not depend on it. */
  readonly after: pulumi.Resource;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * kube-proxy as an EKS add-on: on every node (Running), on none (Parked), or not installed (Absent). Parked and Running are
 * the same two resources, so that bringing it back is an update, which the engine does early, never a deletion.
 */
export class KubeProxy extends pulumi.ComponentResource {
  /** What DNS depends on. */
  readonly resources: pulumi.Resource[];

  constructor(name: string, args: KubeProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:KubeProxy", name, {}, opts);
    this.resources = args.mode === "Absent" ? [] : this.#present(name, args);
  }

  #present(name: string, { clusterName, mode, addonVersion, after, tags }: KubeProxyArgs): pulumi.Resource[] {
    const addon = new aws.eks.Addon(
      name,
      {
        clusterName,
        addonName: "kube-proxy",
        addonVersion,
        // Keeps our selector when the add-on is updated.
        ...whoseObjects,
        tags: { ...tags },
      },
      { parent: this, dependsOn: after },
    );
    const patch = new kubernetes.apps.v1.DaemonSetPatch(
      name,
      {
        metadata: {
          name: "kube-proxy",
          namespace: "kube-system",
          annotations: fieldManager("kube-proxy"),
        },
        ...(mode === "Parked" ? { spec: { template: { spec: parkedPod("nodeSelector") } } } : {}),
      },
      // Removed together with the add-on; removed alone, it would bring kube-proxy back first.
      { parent: this, dependsOn: addon, deletedWith: addon },
    );
    return [addon, patch];
  }
}
