import { parse } from "yaml";
import { isOurs } from "../../components/checks/existing/plan.ts";
import type { FoundKubeProxy } from "../../components/checks/existing/snapshot.ts";
import { podSpecOf, type RawObject } from "./rawObjects.ts";

const required = "requiredDuringSchedulingIgnoredDuringExecution";

/** @param configMaps those that may contain kube-proxy's configuration */
export function kubeProxyOf(object: unknown, configMaps: readonly unknown[]): FoundKubeProxy {
  const { metadata = {} } = object as RawObject;
  const { affinity, containers = [], nodeSelector = {} } = podSpecOf(object);
  const words = containers.flatMap(({ command = [], args = [] }) => [...command, ...args]).join(" ");
  const texts = configMaps.flatMap((one) => Object.values((one as RawObject | undefined)?.data ?? {}));
  const documents = texts.map(parsed);
  const podSpec = ["spec", "template", "spec"];
  const whose = (isSet: boolean, path: readonly string[]) => {
    if (!isSet) return "free";
    return isOurs(object as RawObject, [...podSpec, ...path]) ? "ours" : "taken";
  };
  return {
    // The argument overrides the configuration.
    mode: /--proxy-mode[= ](\w+)/.exec(words)?.[1] ?? documents.map(({ mode }) => mode).find(isText),
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    nodeSelector,
    parking: {
      nodeSelector: whose(Object.keys(nodeSelector).length > 0, ["nodeSelector"]),
      nodeAffinity: whose(affinity?.nodeAffinity?.[required] !== undefined, [
        "affinity",
        "nodeAffinity",
        required,
      ]),
    },
    apiServer: documents.map(serverOf).find(isText),
  };
}

interface ProxyDocument {
  readonly mode?: unknown;
  readonly clusters?: readonly { readonly cluster?: { readonly server?: unknown } }[];
}

function parsed(text: string): ProxyDocument {
  try {
    const value: unknown = parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function serverOf({ clusters }: ProxyDocument): string | undefined {
  const server = clusters?.[0]?.cluster?.server;
  if (typeof server !== "string" || !URL.canParse(server)) return undefined;
  const { hostname, port } = new URL(server);
  return `${hostname}:${port === "" ? 443 : port}`;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
