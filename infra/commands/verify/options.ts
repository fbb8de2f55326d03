import { type Command, durationMilliseconds, type Options } from "../shared/arguments.ts";

/** A cluster, by the stack that created it or by a kubeconfig. */
export type ClusterChoice =
  | { readonly stack: string }
  | { readonly kubeconfig: string; readonly context: string | undefined };

/** Options that select a cluster. */
export const clusterOptions = {
  stack: {
    value: "NAME",
    says: "the cluster of this stack, compared with its settings",
    example: "--stack dev",
  },
  kubeconfig: {
    value: "FILE",
    excludes: "stack",
    says: "any cluster with Calico, without the checks that need a stack",
    example: "--kubeconfig ~/.kube/config",
  },
  context: {
    value: "NAME",
    excludes: "stack",
    says: "a context of that file (default: its current one)",
    example: "--kubeconfig ~/.kube/config --context prod",
  },
  endpoint: {
    value: "URL",
    says: "where nodes reach the API server (default: from the stack, else from the kubeconfig)",
    example: "--kubeconfig admin.conf --endpoint https://api.example.com:6443",
  },
  timeout: {
    value: "TIME",
    isDuration: true,
    says: "give up on the API server after this time without an answer (default: 60s)",
    example: "--timeout 2m",
  },
} as const satisfies Options;

/** The limit of a request to the API server, in milliseconds; undefined: the default. */
export function timeoutOf(given: ReadonlyMap<string, string>): number | undefined {
  const text = given.get("timeout");
  return text === undefined ? undefined : durationMilliseconds(text);
}

/** The requested cluster; undefined: none. */
export function clusterOf(given: ReadonlyMap<string, string>): ClusterChoice | undefined {
  const [stack, kubeconfig] = [given.get("stack"), given.get("kubeconfig")];
  if (stack !== undefined) return { stack };
  return kubeconfig === undefined ? undefined : { kubeconfig, context: given.get("context") };
}

/** Problems with the options that select a cluster. */
export function clusterProblems(given: ReadonlyMap<string, string>): string[] {
  const isNamed = given.has("stack") || given.has("kubeconfig");
  return [
    ...(isNamed
      ? []
      : ["--stack, --kubeconfig: one is required. Name a stack, or the kubeconfig of a cluster."]),
    ...endpointProblems(given.get("endpoint")),
  ];
}

function endpointProblems(endpoint: string | undefined): string[] {
  if (endpoint === undefined || (URL.canParse(endpoint) && endpoint.startsWith("https://"))) return [];
  return [`--endpoint: "${endpoint}" must be an https:// URL; add :PORT if it is not 443.`];
}

/** `npm run verify` and its options. A new one needs a row here and a line in `parseVerify`. */
export const verify: Command = {
  command: "npm run verify --",
  name: "verify",
  about: "Checks on a running cluster that its data path is Calico eBPF, and that it works.",
  options: {
    ...clusterOptions,
    only: {
      value: "CHECKS",
      isList: true,
      says: "only these checks, separated by commas; repeatable",
      example: "--only kernel,ebpf-mode",
    },
    list: { says: "print every check with its permissions and source", example: "--list" },
    wait: {
      value: "TIME",
      isDuration: true,
      says: "repeat until all checks pass, up to this time (default: run once)",
      example: "--wait 10m --count 3",
    },
    count: {
      value: "N",
      isNumber: true,
      says: "consecutive runs that must pass (default: 1)",
      example: "--count 3",
    },
    concurrency: {
      value: "N",
      isNumber: true,
      says: "concurrent requests (default: 16), and four times as many commands in pods",
      example: "--concurrency 4",
    },
    "image-registry": {
      value: "HOST",
      says: "pull the probes' images from this mirror, with the same paths as on registry.k8s.io",
      example: "--image-registry 123456789012.dkr.ecr.eu-west-1.amazonaws.com",
    },
    "allow-unknown": {
      says: "exit with 0 even if a check could not be run",
      example: "--stack dev --allow-unknown",
    },
    junit: { value: "FILE", says: "write the results as JUnit XML", example: "--junit verify.xml" },
    json: { value: "FILE", says: "write the results as JSON", example: "--json verify.json" },
  },
  example: "--stack dev --wait 10m --count 3",
};
