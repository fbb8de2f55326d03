import type { Values } from "../protocol/provider.ts";
import { record, records, text } from "./values.ts";

const longest = 63;

const reserved = ["kubernetes.io/", "k8s.io/", "eks.amazonaws.com/"];

/** Labels of Kubernetes' own domains with which a kubelet starts (kubernetes.io, kubelet, --node-labels). */
const allowed =
  /^([^/]+\.)?(kubelet|node)\.kubernetes\.io\/|^(beta\.kubernetes\.io\/(arch|instance-type|os)|failure-domain\.beta\.kubernetes\.io\/(region|zone)|kubernetes\.io\/(arch|hostname|os)|topology\.kubernetes\.io\/(region|zone))$/;

const kubernetesDomain = /(^|\.)(kubernetes|k8s)\.io\//;

const value = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** What the API of EKS has against the labels and taints of a node group. */
export function refusesLabels(inputs: Values): string | undefined {
  const labels = Object.entries(record(inputs, "labels")).map(([key, of]) => [key, String(of)] as const);
  const taints = records(inputs, "taints");
  const keys = [...labels.map(([key]) => key), ...taints.map((taint) => text(taint, "key"))];
  const tooLong = keys.find((key) => key.length > longest);
  if (tooLong !== undefined) {
    return `InvalidParameterException: ${tooLong}: length must be between 1 and ${longest}`;
  }
  const [, wrong] = labels.find(([, of]) => !value.test(of) || of.length > longest) ?? [];
  if (wrong !== undefined) {
    return `InvalidParameterException: Invalid value: ${wrong} : field must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`;
  }
  if (labels.some(([key]) => key.includes("eks.amazonaws.com/"))) {
    return `InvalidParameterException: Label cannot contain reserved prefixes [${reserved.join(", ")}]`;
  }
  return taints.some((taint) =>
    reserved.some((prefix) => new RegExp(`(^|\\.)${prefix}`).test(text(taint, "key"))),
  )
    ? `InvalidParameterException: Taint cannot contain reserved prefixes [${reserved.join(", ")}]`
    : undefined;
}

/** Why the kubelet does not start, or cannot register its node, with these labels and taints. */
export function kubeletProblem(inputs: Values): string | undefined {
  const unknown = Object.keys(record(inputs, "labels")).filter(
    (key) => kubernetesDomain.test(key) && !allowed.test(key),
  );
  if (unknown.length > 0) {
    return `the kubelet does not start: unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [${unknown.join(" ")}]`;
  }
  const pairs = records(inputs, "taints").map((taint) => `${text(taint, "key")}:${text(taint, "effect")}`);
  return new Set(pairs).size < pairs.length
    ? "the node is invalid: taints must be unique by key and effect pair"
    : undefined;
}
