import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { typhaMetricsPort } from "./checks/hostPorts.ts";
import type { ReleasedPool, Settings } from "./settings/settings.ts";
import { digest, gate, settingsAnnotation } from "./specs/annotations.ts";

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
        apiVersion: "operator.tigera.io/v1",
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
