import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { madeByUs } from "../checks/existing/ownership.ts";

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
