import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parkedPod } from "../checks/existing/kubeProxy.ts";
import { takeOver } from "../checks/existing/plan.ts";
import type { ParkingField } from "../checks/existing/snapshot.ts";
import type { ExistingSettings } from "../settings/existing.ts";

export interface ParkedKubeProxyArgs {
  readonly mode: ExistingSettings["kubeProxy"];
  /** What keeps its pods from nodes. Plain: another one is released first. */
  readonly field: ParkingField;
  /** Never anything that waits for health: an emergency reversal must not depend on it. */
  readonly after: pulumi.Resource;
}

/**
 * kube-proxy of an existing cluster: kept from every node (Parked) or left alone (Running). One patch in both cases, so
 * that bringing it back is an update, which the engine does early, never a deletion.
 */
export class ParkedKubeProxy extends pulumi.ComponentResource {
  readonly patch: pulumi.Resource;

  constructor(
    name: string,
    { mode, field, after }: ParkedKubeProxyArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("calico-ebpf-eks:index:ParkedKubeProxy", name, {}, opts);
    this.patch = new kubernetes.apps.v1.DaemonSetPatch(
      name,
      {
        metadata: {
          name: "kube-proxy",
          namespace: "kube-system",
          annotations: takeOver("kube-proxy"),
        },
        ...(mode === "Parked" ? { spec: { template: { spec: parkedPod(field) } } } : {}),
      },
      { parent: this, dependsOn: after },
    );
  }
}
