import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parkedPod } from "../checks/existing/kubeProxy.ts";
import { type CalicoKind, rolloutTimeouts, secondPatch, takeOver } from "../checks/existing/plan.ts";
import type { FoundFelix, ParkingField } from "../checks/existing/snapshot.ts";
import type { ExistingSettings } from "../settings/existing.ts";
import { dataplaneAnnotation, doNotWait } from "../specs/annotations.ts";
import { operatorApi } from "../specs/calico.ts";

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
        apiVersion: operatorApi,
        kind: "Installation",
        metadata: { name: "default", annotations: { ...takeOver("installation"), ...doNotWait } },
        spec: { calicoNetwork: { linuxDataplane: dataplane } },
      },
      { parent: this, dependsOn: after },
    );
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
        customTimeouts: rolloutTimeouts(nodeCount),
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
