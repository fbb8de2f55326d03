import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ReleasedPool, Settings } from "./settings/settings.ts";
import { dataplaneAnnotation, digest, gate, settingsAnnotation } from "./specs/annotations.ts";
import { dataplaneType, felixApiVersion, operatorApi } from "./specs/calico.ts";
import { typhaMetricsPort } from "./specs/monitoring.ts";

export interface DataplaneGateArgs {
  /** The dataplane that the operator switches to. Plain. */
  readonly settings: Pick<Settings, "calico">;
  /** Installation, operator and node groups: everything that the operator needs to switch, submitted. */
  readonly after: pulumi.Resource[];
}

/** Passed once the operator has switched to the dataplane. Does not wait for health. */
export class DataplaneGate extends pulumi.ComponentResource {
  readonly passed: pulumi.Resource;

  constructor(name: string, args: DataplaneGateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:DataplaneGate", name, {}, opts);
    const { calico } = args.settings;
    // Annotations only: the fields keep their owners.
    this.passed = new kubernetes.apiextensions.CustomResourcePatch(
      "dataplane-gate",
      {
        apiVersion: felixApiVersion(calico.version),
        kind: "FelixConfiguration",
        metadata: {
          name: "default",
          annotations: {
            ...gate(`jsonpath={.spec.bpfEnabled}=${calico.dataplane === "BPF"}`, 900, "dataplane-gate"),
            [dataplaneAnnotation]: calico.dataplane,
          },
        },
      },
      // The gate's parent before it was separated from the Installation.
      {
        parent: this,
        dependsOn: args.after,
        aliases: [{ parent: pulumi.createUrn("dataplane", dataplaneType) }],
      },
    );
  }
}

export interface ReadyGateArgs {
  /** The settings that change Calico or roll nodes: a change makes the gate wait again. Plain. */
  readonly settings: Pick<
    Settings,
    "calico" | "cluster" | "kubeProxy" | "nodePools" | "observability" | "tags"
  >;
  /** The node pools: a new AMI release rolls the nodes, whose Calico must become ready again. */
  readonly pools: Readonly<Record<string, ReleasedPool>>;
  /** Installation and node groups: must exist before Calico can be ready. */
  readonly after: pulumi.Resource[];
}

/**
 * Passed once calico-node is ready on every node. A node counts as Ready as soon as its CNI configuration is written,
 * so that without this gate an `up` would succeed although Calico never starts.
 */
export class ReadyGate extends pulumi.ComponentResource {
  readonly passed: pulumi.Resource;

  constructor(name: string, args: ReadyGateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:ReadyGate", name, {}, opts);
    const { pools, settings } = args;
    const { calico, kubeProxy, nodePools, tags } = settings;
    const { kubernetesVersion } = settings.cluster;
    const rolled = rolledBy(settings);
    // After an upgrade of the operator, the old condition stays for a while. The version is written only when all
    // of it runs (tigera/operator pkg/controller/installation/core_controller.go).
    const signs = ["condition=Ready", `jsonpath={.status.calicoVersion}=v${calico.version}`];
    this.passed = new kubernetes.apiextensions.CustomResourcePatch(
      name,
      {
        apiVersion: operatorApi,
        kind: "Installation",
        metadata: {
          name: "default",
          annotations: {
            ...gate(JSON.stringify(signs), 900, "ready-gate"),
            [settingsAnnotation]: digest({
              calico: withoutDefaultCni(calico),
              kubeProxy,
              kubernetesVersion,
              nodePools,
              // In this form, so that existing gates of earlier releases do not wait again.
              releases: Object.fromEntries(
                Object.entries(pools).map(([pool, { amiRelease }]) => [pool, amiRelease]),
              ),
              tags,
              ...rolled,
            }),
          },
        },
      },
      { parent: this, dependsOn: args.after },
    );
  }
}

/** The setting is newer than the gates of stacks without it, which must not wait again. */
function withoutDefaultCni({ cni, ...others }: Settings["calico"]): object {
  return cni === "Calico" ? others : { cni, ...others };
}

/** The observability settings that make the operator roll its pods; empty by default, so that other stacks do not wait again. */
function rolledBy(settings: ReadyGateArgs["settings"]): object {
  const port = typhaMetricsPort(settings);
  return {
    ...(settings.observability.flows ? { flows: true } : {}),
    ...(port === null ? {} : { typhaMetricsPort: port }),
  };
}

export interface StatusGatesArgs {
  /** Plain. */
  readonly settings: Pick<Settings, "calico">;
  /** DNS that answers, never less: calico-apiserver has the host's network and resolves the API server's name by it. */
  readonly after: pulumi.Resource[];
}

/**
 * Passed once the operator reports every part of Calico Available that the Installation's condition does not cover:
 * the IP pools, calico-apiserver and the tiers. Nothing comes after them, so that they hold nothing up. They wait once, when
 * the cluster comes up; a later `up` warns of what is not Available (infra/readiness.ts).
 *
 * Source: tigera/operator v1.42.4 and v1.43.0, pkg/controller/{ippool,apiserver,tiers} and pkg/render/apiserver.go
 * (hostNetwork under EKS with Calico's CNI, dnsPolicy ClusterFirstWithHostNet).
 */
export class StatusGates extends pulumi.ComponentResource {
  constructor(name: string, args: StatusGatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:StatusGates", name, {}, opts);
    for (const status of statuses(args.settings.calico)) {
      new kubernetes.apiextensions.CustomResourcePatch(
        status,
        {
          apiVersion: operatorApi,
          kind: "TigeraStatus",
          metadata: {
            name: status,
            annotations: {
              // While it is degraded it is never Available (pkg/controller/status/status.go).
              ...gate("condition=Available", 600, "status-gate"),
            },
          },
        },
        {
          parent: this,
          dependsOn: args.after,
          // The operator's own updates of a status may drop them: seen with v1.42.4, a few seconds after the `up`.
          ignoreChanges: ["metadata.annotations"],
        },
      );
    }
  }
}

/** With another CNI there is no pool. Without Calico's API server there is no status apiserver, and tiers never becomes Available. */
function statuses({ apiServer, cni }: Pick<Settings["calico"], "apiServer" | "cni">): readonly string[] {
  return [...(cni === "Calico" ? ["ippools"] : []), ...(apiServer ? ["apiserver", "tiers"] : [])];
}
