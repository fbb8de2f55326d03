import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  type CalicoKind,
  endpointNamespaces,
  madeByUs,
  rolloutTimeouts,
  secondPatch,
} from "../checks/existing/plan.ts";
import type { FoundFelix, FoundWorkload } from "../checks/existing/snapshot.ts";
import type { ApiServerAddress, ExistingSettings } from "../settings/existing.ts";
import { deleteInBackground, digest, settingsAnnotation } from "../specs/annotations.ts";
import { operatorApi } from "../specs/calico.ts";
import { endpointConfigMap, felixPatch, restart } from "./patches.ts";

export interface ExistingCalicoArgs {
  /** What Calico does. Plain: it decides which fields are taken over. */
  readonly settings: Pick<ExistingSettings, "calico" | "kubeProxy">;
  readonly address: ApiServerAddress;
  /** Whether the endpoint ConfigMap exists already, created by others. */
  readonly endpointIsThere: boolean;
  /** API version under which the cluster stores FelixConfiguration. */
  readonly felixApiVersion: FoundFelix["apiVersion"];
}

/** Prepares a Calico installed by its operator for the switch, and owns only the fields for it. */
export class OperatorCalico extends pulumi.ComponentResource {
  /** The last resources that must exist before the dataplane or kube-proxy changes. */
  readonly prepared: pulumi.Resource;

  constructor(name: string, args: ExistingCalicoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:OperatorCalico", name, {}, opts);
    const { settings, address, endpointIsThere: isThere, felixApiVersion: apiVersion } = args;
    const after = (...dependsOn: pulumi.Resource[]) => ({ parent: this, dependsOn });

    // Before the ConfigMap, so that it goes after it: an operator that has seen the ConfigMap forgets it only when it
    // restarts (tigera/operator pkg/controller/k8sapi), and calico-node would keep the address after a destroy.
    const operator = restart(
      { kind: "Deployment", namespace: endpointNamespaces.operator, name: "tigera-operator" },
      digest(address),
      after(),
    );
    const endpoint = endpointConfigMap(
      { namespace: endpointNamespaces.operator, address, isThere },
      after(operator),
    );
    // Before the switch, so that eBPF starts with the right configuration. On the way back for nothing: after a refresh of a
    // cluster whose operator died, `up` would wait for its Deployment first.
    const isForward = settings.calico.dataplane === "BPF";
    this.prepared = felixPatch(
      { settings, apiVersion, kind: "operator" },
      after(...(isForward ? [endpoint] : [])),
    );
  }
}

export interface ManifestCalicoArgs extends ExistingCalicoArgs {
  /** What is restarted to get the API server's address. Plain: it decides which resources exist. */
  readonly workloads: readonly FoundWorkload[];
  /** Number of nodes, which decides how long a rollout may take. */
  readonly nodeCount: number;
}

const namespace = endpointNamespaces.manifest;

/** Prepares a Calico installed by its manifest for the switch, and owns only the fields for it. */
export class ManifestCalico extends pulumi.ComponentResource {
  /** The last resources that must exist before the dataplane or kube-proxy changes. */
  readonly prepared: pulumi.Resource;

  constructor(name: string, args: ManifestCalicoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:ManifestCalico", name, {}, opts);
    const { settings, address, endpointIsThere: isThere, felixApiVersion: apiVersion } = args;
    const version = digest(address);
    const endpoint = endpointConfigMap({ namespace, address, isThere }, { parent: this });
    const delay = kubeletDelay({ namespace, version }, { parent: this, dependsOn: endpoint });
    const restarted = args.workloads.map((workload) =>
      restart({ ...workload, namespace }, version, {
        parent: this,
        dependsOn: delay,
        customTimeouts: rolloutTimeouts(args.nodeCount),
      }),
    );
    // When switching back, not after the restarts: after a refresh of a broken cluster `up` would wait for them again.
    this.prepared = felixPatch(
      { settings, apiVersion, kind: "manifest" },
      { parent: this, dependsOn: settings.calico.dataplane === "BPF" ? restarted : endpoint },
    );
  }
}

interface KubeletDelayArgs {
  readonly namespace: string;
  /** Short text that changes with what the kubelets must learn. */
  readonly version: string;
}

/**
 * Seconds that the guide allows kubelets to learn of a ConfigMap (kubernetes/kubernetes#30189). A kubelet that watches, as
 * all do by default, knows at once; one that is set to poll has a cache of a minute.
 */
const kubeletSeconds = 60;

/** After it the Job is not needed any more; monitoring usually alerts on a failed one after 15 minutes. */
const keptSeconds = 300;

/**
 * A wait as a resource, so that the engine shows it and waits only once: a Job without any pod, which the Job
 * controller ends at its deadline. Needs no image and no node.
 */
function kubeletDelay(
  { namespace, version }: KubeletDelayArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const labels = { ...madeByUs };
  return new kubernetes.batch.v1.Job(
    "kubelet-delay",
    {
      metadata: {
        name: `calico-endpoint-delay-${version}`,
        namespace,
        labels,
        annotations: {
          "pulumi.com/waitFor": "condition=Failed",
          "pulumi.com/timeoutSeconds": String(kubeletSeconds * 3),
          ...deleteInBackground,
        },
      },
      spec: {
        parallelism: 0,
        backoffLimit: 0,
        activeDeadlineSeconds: kubeletSeconds,
        ttlSecondsAfterFinished: keptSeconds,
        // Never run; a Job must have one.
        template: { spec: { restartPolicy: "Never", containers: [{ name: "none", image: "none" }] } },
      },
    },
    opts,
  );
}

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
    const child = { parent: this, dependsOn: after, customTimeouts: rolloutTimeouts(nodeCount) };
    this.passed =
      kind === "operator"
        ? new kubernetes.apiextensions.CustomResourcePatch(
            name,
            {
              apiVersion: operatorApi,
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
