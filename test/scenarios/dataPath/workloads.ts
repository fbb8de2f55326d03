import { fileURLToPath } from "node:url";
import type { KubernetesObject } from "../../rehearsal/kubernetes/object.ts";
import { endpointHost } from "./startLab.ts";

type Labels = Readonly<Record<string, string>>;

/** A pod of agnhost's server on a node: port 8080. */
export function serverPod(name: string, nodeName: string, labels: Labels): KubernetesObject {
  return pod(name, nodeName, labels, {
    name: "agnhost",
    image: "registry.k8s.io/e2e-test-images/agnhost:2.57",
    args: ["netexec", "--http-port=8080"],
    readinessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1 },
  });
}

/** A pod that does nothing until a command is run in it. */
export function idlePod(name: string, nodeName: string, labels: Labels = {}): KubernetesObject {
  return pod(name, nodeName, labels, {
    name: "agnhost",
    image: "registry.k8s.io/e2e-test-images/agnhost:2.57",
  });
}

const echo = fileURLToPath(new URL("load/server.ts", import.meta.url));

/** A pod that sends lines back, at port 9090. */
export function echoPod(name: string, nodeName: string, labels: Labels): KubernetesObject {
  return pod(name, nodeName, labels, {
    name: "agnhost",
    image: "lab/node",
    args: [echo, "9090"],
    readinessProbe: { tcpSocket: { port: 9090 }, periodSeconds: 1 },
  });
}

function pod(name: string, nodeName: string, labels: Labels, container: object): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels },
    spec: { nodeName, terminationGracePeriodSeconds: 1, containers: [container] },
  };
}

export function nodePortService(
  name: string,
  app: string,
  nodePort: number,
  targetPort = 8080,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { type: "NodePort", selector: { app }, ports: [{ port: 80, targetPort, nodePort }] },
  };
}

/** kube-proxy as EKS runs it, in iptables mode, but that it leaves the machine's limits of connections alone. */
export function kubeProxy(): KubernetesObject[] {
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
