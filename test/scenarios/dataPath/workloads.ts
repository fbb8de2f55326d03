import { fileURLToPath } from "node:url";
import type { KubernetesObject } from "../../simulator/kubernetes/object.ts";

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

/** The same on the host's network, at another port. */
export function hostPod(name: string, nodeName: string, port: number): KubernetesObject {
  const container = {
    name: "agnhost",
    image: "registry.k8s.io/e2e-test-images/agnhost:2.57",
    args: ["netexec", `--http-port=${port}`],
  };
  const { spec, ...rest } = pod(name, nodeName, { app: name }, container) as KubernetesObject & {
    spec: object;
  };
  return { ...rest, spec: { ...spec, hostNetwork: true } } as KubernetesObject;
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
