import type { KubernetesObject } from "../kubernetes/object.ts";

/**
 * kube-proxy as EKS runs it, in iptables mode, but that it leaves the machine's limits of connections alone.
 * @param endpointHost host of the cluster's endpoint
 */
export function kubeProxy(endpointHost: string): KubernetesObject[] {
  const metadata = { name: "kube-proxy", namespace: "kube-system" };
  const labels = { "k8s-app": "kube-proxy" };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "kube-proxy" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:node-proxier" },
      subjects: [{ kind: "ServiceAccount", name: "kube-proxy", namespace: "kube-system" }],
    },
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            hostNetwork: true,
            serviceAccountName: "kube-proxy",
            terminationGracePeriodSeconds: 5,
            tolerations: [{ operator: "Exists" }],
            containers: [
              {
                name: "kube-proxy",
                image: "602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/kube-proxy:v1.35.4",
                env: [
                  { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
                  { name: "KUBERNETES_SERVICE_HOST", value: endpointHost },
                ],
                args: [
                  ...["--hostname-override=$(NODE_NAME)", "--proxy-mode=iptables", "--v=2"],
                  ...["--conntrack-max-per-core=0", "--conntrack-min=0", "--cluster-cidr=192.168.0.0/16"],
                  ...["--conntrack-tcp-timeout-established=0s", "--conntrack-tcp-timeout-close-wait=0s"],
                ],
                readinessProbe: { httpGet: { path: "/healthz", port: 10_256 }, periodSeconds: 2 },
              },
            ],
          },
        },
      },
    },
  ];
}
