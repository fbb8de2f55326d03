import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type CalicoKind, endpointNamespaces, rolloutSeconds, secondPatch } from "../checks/existing/plan.ts";
import type { ApiServerAddress, ExistingSettings } from "../settings/existing.ts";
import { digest, settingsAnnotation } from "../specs/annotations.ts";

export interface CalicoReadyArgs {
  readonly kind: CalicoKind;
  /** What changes Calico: a change makes the gate wait again. Plain. */
  readonly settings: Pick<ExistingSettings, "calico" | "kubeProxy">;
  readonly address: ApiServerAddress;
  readonly nodeCount: number;
  readonly after: pulumi.Resource;
}

const name = "ready-gate";

/** Passed once calico-node is ready on every node, so that no `up` succeeds while Calico does not start. */
export class CalicoReady extends pulumi.ComponentResource {
  readonly passed: pulumi.Resource;

  constructor(componentName: string, args: CalicoReadyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:CalicoReady", componentName, {}, opts);
    const { kind, settings, address, nodeCount, after } = args;
    const { kubeProxy } = settings;
    // What the stack file says of the CNI changes nothing.
    const { cni: _, ...calico } = settings.calico;
    const annotations = { ...secondPatch, [settingsAnnotation]: digest({ calico, kubeProxy, address }) };
    const seconds = rolloutSeconds(nodeCount);
    const child = {
      parent: this,
      dependsOn: after,
      // Not as an annotation: the number of nodes changes, and that is not a change to the cluster.
      customTimeouts: { create: `${seconds}s`, update: `${seconds}s` },
    };
    this.passed =
      kind === "operator"
        ? new kubernetes.apiextensions.CustomResourcePatch(
            name,
            {
              apiVersion: "operator.tigera.io/v1",
              kind: "Installation",
              metadata: {
                name: "default",
                annotations: { ...annotations, "pulumi.com/waitFor": "condition=Ready" },
              },
            },
            child,
          )
        : new kubernetes.apps.v1.DaemonSetPatch(
            name,
            { metadata: { name: "calico-node", namespace: endpointNamespaces.manifest, annotations } },
            child,
          );
  }
}
