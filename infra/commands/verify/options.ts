import { type Command, durationMilliseconds, type Options } from "../shared/arguments.ts";

/** A cluster by the stack that made it, or by a kubeconfig. */
export type ClusterChoice =
  | { readonly stack: string }
  | { readonly kubeconfig: string; readonly context: string | undefined };

/** Options by which a command is told of a cluster. */
export const clusterOptions = {
  stack: { value: "NAME", says: "the cluster of this stack, as it is to be", example: "--stack dev" },
  kubeconfig: {
    value: "FILE",
    excludes: "stack",
    says: "any cluster with Calico; what only a stack says is not checked",
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
    says: "where nodes reach the API server (default: as the stack says, else as the kubeconfig does)",
    example: "--kubeconfig admin.conf --endpoint https://api.example.com:6443",
  },
  timeout: {
    value: "TIME",
    isDuration: true,
    says: "give up a request to the API server after this time without an answer (default: 60s)",
    example: "--timeout 2m",
  },
} as const satisfies Options;

/** The limit of a request to the API server, in milliseconds; undefined: the default. */
export function timeoutOf(given: ReadonlyMap<string, string>): number | undefined {
  const text = given.get("timeout");
  return text === undefined ? undefined : durationMilliseconds(text);
}

/** The cluster that was asked for; undefined: none. */
export function clusterOf(given: ReadonlyMap<string, string>): ClusterChoice | undefined {
  const [stack, kubeconfig] = [given.get("stack"), given.get("kubeconfig")];
  if (stack !== undefined) return { stack };
  return kubeconfig === undefined ? undefined : { kubeconfig, context: given.get("context") };
}

/** What is wrong with how a cluster is named. */
export function clusterProblems(given: ReadonlyMap<string, string>): string[] {
  const isNamed = given.has("stack") || given.has("kubeconfig");
  return [
    ...(isNamed
      ? []
      : ["--stack, --kubeconfig: neither is given. Name a stack, or the kubeconfig of a cluster."]),
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
  about: "Proves on a running cluster that its data path is Calico eBPF, and that it works.",
  options: {
    ...clusterOptions,
    only: {
      value: "CHECKS",
      isList: true,
      says: "these checks alone, with commas between; any number of times",
      example: "--only kernel,ebpf-mode",
    },
    list: { says: "print every check, what it needs and where its fact is from", example: "--list" },
    wait: {
      value: "TIME",
      isDuration: true,
      says: "begin anew until all passes, for so long (default: one look)",
      example: "--wait 10m --count 3",
    },
    count: {
      value: "N",
      isNumber: true,
      says: "looks in a row that have to pass (default: 1)",
      example: "--count 3",
    },
    concurrency: {
      value: "N",
      isNumber: true,
      says: "requests under way at one time (default: 16), and four times as many commands in pods",
      example: "--concurrency 4",
    },
    "image-registry": {
      value: "HOST",
      says: "pull the images of the probes from this mirror, under the paths that they have at registry.k8s.io",
      example: "--image-registry 123456789012.dkr.ecr.eu-west-1.amazonaws.com",
    },
    "allow-unknown": {
      says: "exit with 0 although a check could not be run",
      example: "--stack dev --allow-unknown",
    },
    junit: { value: "FILE", says: "write the outcome as JUnit XML", example: "--junit verify.xml" },
    json: { value: "FILE", says: "write the outcome for machines, as JSON", example: "--json verify.json" },
  },
  example: "--stack dev --wait 10m --count 3",
};
