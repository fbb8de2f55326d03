import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { endpointNamespaces, madeByUs, rolloutSeconds } from "../checks/existing/plan.ts";
import type { FoundWorkload } from "../checks/existing/snapshot.ts";
import { digest } from "../specs/annotations.ts";
import type { ExistingCalicoArgs } from "./operatorCalico.ts";
import { endpointConfigMap, felixPatch, restart } from "./patches.ts";

export interface ManifestCalicoArgs extends ExistingCalicoArgs {
  /** What is restarted to learn the API server's address. Plain: it decides which resources exist. */
  readonly workloads: readonly FoundWorkload[];
  /** Number of nodes, by which the time of a rollout is judged. */
  readonly nodeCount: number;
}

const namespace = endpointNamespaces.manifest;

/** Prepares a Calico that its manifest installed for the switch, and owns nothing but the fields for it. */
export class ManifestCalico extends pulumi.ComponentResource {
  /** The last of what has to be there before the dataplane or kube-proxy changes. */
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
        // Not as an annotation: the number of nodes changes, and is nobody's change of the cluster.
        customTimeouts: { create: `${seconds}s`, update: `${seconds}s` },
      }),
    );
    // On the way back for nothing that is restarted: after a refresh of a broken cluster `up` would wait for that again.
    this.prepared = felixPatch(
      { settings, apiVersion, kind: "manifest" },
      { parent: this, dependsOn: settings.calico.dataplane === "BPF" ? restarted : endpoint },
    );
  }
}

export interface KubeletDelayArgs {
  readonly namespace: string;
  /** Short text that changes with what the kubelets are to learn. */
  readonly version: string;
}

/**
 * Seconds that the guide allows kubelets to learn of a ConfigMap (kubernetes/kubernetes#30189). A kubelet that watches, as
 * all do by default, knows at once; one that is set to poll has a cache of a minute.
 */
const kubeletSeconds = 60;

/** After it nobody needs the Job any more; monitoring mostly complains of a failed one after a quarter of an hour. */
const keptSeconds = 300;

/**
 * A wait that is a resource, so that the engine shows it and goes through it once: a Job for no pod at all, which the Job
 * controller ends at its deadline. No image, no node, no clock of ours.
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
        // Never run; a Job has to have one.
        template: { spec: { restartPolicy: "Never", containers: [{ name: "none", image: "none" }] } },
      },
    },
    opts,
  );
}
