import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { endpointNamespaces, madeByUs, rolloutSeconds } from "../checks/existing/plan.ts";
import type { FoundWorkload } from "../checks/existing/snapshot.ts";
import { digest } from "../specs/annotations.ts";
import type { ExistingCalicoArgs } from "./operatorCalico.ts";
import { endpointConfigMap, felixPatch, restart } from "./patches.ts";

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
    const seconds = rolloutSeconds(args.nodeCount);
    const restarted = args.workloads.map((workload) =>
      restart({ ...workload, namespace }, version, {
        parent: this,
        dependsOn: delay,
        // Not as an annotation: the number of nodes changes, and that is not a change to the cluster.
        customTimeouts: { create: `${seconds}s`, update: `${seconds}s` },
      }),
    );
    // When switching back, not after the restarts: after a refresh of a broken cluster `up` would wait for them again.
    this.prepared = felixPatch(
      { settings, apiVersion, kind: "manifest" },
      { parent: this, dependsOn: settings.calico.dataplane === "BPF" ? restarted : endpoint },
    );
  }
}

export interface KubeletDelayArgs {
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
export function kubeletDelay(
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
          "pulumi.com/deletionPropagationPolicy": "background",
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
