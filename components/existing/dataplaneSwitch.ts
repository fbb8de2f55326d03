import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type CalicoKind, rolloutSeconds, secondPatch, takeOver } from "../checks/existing/plan.ts";
import type { FoundFelix } from "../checks/existing/snapshot.ts";
import type { ExistingSettings } from "../settings/existing.ts";
import { dataplaneAnnotation, doNotWait } from "../specs/annotations.ts";

export interface DataplaneSwitchArgs {
  readonly kind: CalicoKind;
  readonly dataplane: ExistingSettings["calico"]["dataplane"];
  /** API version under which the cluster stores FelixConfiguration. */
  readonly felixApiVersion: FoundFelix["apiVersion"];
  /** Number of nodes, which decides how long the operator's rollout may take. */
  readonly nodeCount: number;
  /** The preparations; when switching back to iptables also kube-proxy, which serves from then on. */
  readonly after: pulumi.Resource;
}

/** Switches the dataplane of an existing cluster. */
export class DataplaneSwitch extends pulumi.ComponentResource {
  /** Ready once Felix is configured; with an operator, once the operator has done so. Does not wait for health. */
  readonly switched: pulumi.Resource;

  constructor(name: string, args: DataplaneSwitchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:DataplaneSwitch", name, {}, opts);
    this.switched = args.kind === "operator" ? this.#byOperator(args) : this.#byFelix(args);
  }

  #byOperator({
    dataplane,
    felixApiVersion: apiVersion,
    nodeCount,
    after,
  }: DataplaneSwitchArgs): pulumi.Resource {
    const installation = new kubernetes.apiextensions.CustomResourcePatch(
      "installation",
      {
        apiVersion: "operator.tigera.io/v1",
        kind: "Installation",
        metadata: { name: "default", annotations: { ...takeOver("installation"), ...doNotWait } },
        spec: { calicoNetwork: { linuxDataplane: dataplane } },
      },
      { parent: this, dependsOn: after },
    );
    const seconds = rolloutSeconds(nodeCount);
    // Annotations only: bpfEnabled is the operator's.
    return new kubernetes.apiextensions.CustomResourcePatch(
      "dataplane-gate",
      {
        apiVersion,
        kind: "FelixConfiguration",
        metadata: {
          name: "default",
          annotations: {
            ...secondPatch,
            "pulumi.com/waitFor": `jsonpath={.spec.bpfEnabled}=${dataplane === "BPF"}`,
            [dataplaneAnnotation]: dataplane,
          },
        },
      },
      {
        parent: this,
        dependsOn: installation,
        // Not as an annotation: the number of nodes changes, and that is not a change to the cluster.
        customTimeouts: { create: `${seconds}s`, update: `${seconds}s` },
      },
    );
  }

  /** A separate patch, so that kube-proxy can come between it and the fields that spare kube-proxy. */
  #byFelix({ dataplane, felixApiVersion: apiVersion, after }: DataplaneSwitchArgs): pulumi.Resource {
    return new kubernetes.apiextensions.CustomResourcePatch(
      "bpf-enabled",
      {
        apiVersion,
        kind: "FelixConfiguration",
        metadata: { name: "default", annotations: { ...takeOver("bpf-enabled"), ...doNotWait } },
        spec: { bpfEnabled: dataplane === "BPF" },
      },
      { parent: this, dependsOn: after },
    );
  }
}
