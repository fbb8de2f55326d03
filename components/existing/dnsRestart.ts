import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { takeOver } from "../checks/existing/plan.ts";
import type { ExistingSettings } from "../settings/existing.ts";
import { dataplaneAnnotation } from "../specs/annotations.ts";

export interface DnsRestartArgs {
  /** Deployments of the cluster's DNS in kube-system. Plain: they decide which resources exist. */
  readonly deployments: readonly string[];
  readonly dataplane: ExistingSettings["calico"]["dataplane"];
  readonly after: pulumi.Resource[];
}

/** Rolls the cluster's DNS when the dataplane is switched: its connection to the API server does not survive that. */
export class DnsRestart extends pulumi.ComponentResource {
  /** Ready once the pods are new. */
  readonly restarted: pulumi.Resource[];

  constructor(name: string, args: DnsRestartArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:DnsRestart", name, {}, opts);
    const { deployments, dataplane, after } = args;
    this.restarted = deployments.map(
      (deployment) =>
        new kubernetes.apps.v1.DeploymentPatch(
          deployment,
          {
            metadata: {
              name: deployment,
              namespace: "kube-system",
              annotations: takeOver("dns"),
            },
            spec: { template: { metadata: { annotations: { [dataplaneAnnotation]: dataplane } } } },
          },
          { parent: this, dependsOn: after },
        ),
    );
  }
}
