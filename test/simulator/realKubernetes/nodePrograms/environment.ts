import { at, type KubernetesObject } from "../../kubernetes/object.ts";

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
}

/** What a container's processes have as environment: what its pod says, and where the service of the API server is. */
export function containerEnvironment(
  pod: KubernetesObject,
  container: string,
  /** Address of service `kubernetes`. */
  apiServer: string,
): Record<string, string> {
  const containers = (at(pod, "spec.containers") ?? []) as readonly {
    name: string;
    env?: readonly Variable[];
  }[];
  const own = containers.find(({ name }) => name === container)?.env ?? [];
  return {
    HOSTNAME: at(pod, "spec.hostNetwork") === true ? String(at(pod, "spec.nodeName")) : pod.metadata.name,
    KUBERNETES_SERVICE_HOST: apiServer,
    KUBERNETES_SERVICE_PORT: "443",
    ...Object.fromEntries(own.map((one) => [one.name, resolvedValue(one, pod)])),
  };
}

function resolvedValue({ value = "", valueFrom }: Variable, pod: KubernetesObject): string {
  const path = valueFrom?.fieldRef?.fieldPath;
  return path === undefined ? value : String(at(pod, path) ?? "");
}
