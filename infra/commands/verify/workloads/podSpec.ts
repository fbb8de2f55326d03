/** A pod to start on a node. */
export interface WorkloadPod {
  readonly name: string;
  /** Name of the node that it must run on. */
  readonly node: string;
  /** With registry and tag. */
  readonly image: string;
  readonly args: readonly string[];
  /** TCP port of the readiness probe. Default: ready when it runs. */
  readonly readyPort?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** Uses the host network, for which its namespace must be privileged. Default false. */
  readonly hostNetwork?: boolean;
  readonly resources?: { readonly cpu: string; readonly memory: string };
}

const usualResources = { cpu: "20m", memory: "64Mi" } as const;

/** User of the images' processes; any number but root's will do. */
const userId = 1000;

/** The pod's object: pinned to its node regardless of taints, with as few rights as Pod Security `restricted` requires. */
export function podObject(
  namespace: string,
  { name, node, image, args, readyPort, labels = {}, hostNetwork = false, resources }: WorkloadPod,
): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { ...labels, pod: name } },
    spec: {
      // Bound by the scheduler, which checks for room, instead of by name, which does not.
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: onlyOn(node) } },
      tolerations: [{ operator: "Exists" }],
      hostNetwork,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 0,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: userId,
        runAsGroup: userId,
        seccompProfile: { type: "RuntimeDefault" },
        // Lets ping work without a capability; the host network has its own setting.
        ...(hostNetwork ? {} : { sysctls: [{ name: "net.ipv4.ping_group_range", value: "0 2147483647" }] }),
      },
      containers: [
        {
          name: "main",
          image,
          args,
          resources: {
            requests: resources ?? usualResources,
            limits: { memory: (resources ?? usualResources).memory },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          ...(readyPort === undefined
            ? {}
            : { readinessProbe: { tcpSocket: { port: readyPort }, periodSeconds: 1, failureThreshold: 60 } }),
        },
      ],
    },
  };
}

function onlyOn(node: string) {
  const field = { key: "metadata.name", operator: "In", values: [node] };
  return { nodeSelectorTerms: [{ matchFields: [field] }] };
}

/**
 * Images of the pods that are started in a cluster, each pinned. agnhost is what Kubernetes tests its own networking
 * with: a server that says what it sees, and curl, ping, nslookup and ip to ask with.
 * Source: kubernetes/kubernetes v1.35.4 test/utils/image/manifest.go and test/images/agnhost. Read 2026-11-21.
 */
export const workloadImages = {
  agnhost: { registry: "registry.k8s.io", path: "e2e-test-images/agnhost:2.59" },
} as const;

/** Where an image is pulled from: its own registry, or a mirror that keeps its path. */
export function imageAt(
  { registry, path }: { readonly registry: string; readonly path: string },
  mirror: string | undefined,
): string {
  return `${(mirror ?? registry).replace(/\/+$/, "")}/${path}`;
}
