import { existingClusterProblems } from "../../components/checks/existing/checks.ts";
import type {
  ClusterSnapshot,
  FoundFelixConfiguration,
  FoundKubeProxy,
  FoundManifest,
  FoundNode,
  FoundOperator,
  FoundVpcCni,
} from "../../components/checks/existing/snapshot.ts";
import type { ExistingSettings } from "../../components/settings/existing.ts";
import { problemLine } from "../../components/values/problem.ts";

/** What the tests change of the settings. */
export interface ExistingChange {
  readonly calico?: Partial<ExistingSettings["calico"]>;
  readonly kubeProxy?: ExistingSettings["kubeProxy"];
}

export const address = { host: "api.internal.example.com", port: 6443 } as const;

/** Settings of a stack that takes a cluster by its kubeconfig, but for the changes. */
export function existingSettings({
  calico = {},
  kubeProxy = "Parked",
}: ExistingChange = {}): ExistingSettings {
  return {
    project: "calico-ebpf-eks",
    stack: "there",
    region: "",
    profile: undefined,
    account: {},
    cluster: { kind: "kubeconfig", file: "admin.json", context: undefined, apiServer: address },
    calico: { dataplane: "BPF", externalService: "DSR", dsrOptOutCidrs: [], ...calico },
    kubeProxy,
  };
}

export const backToIptables: ExistingChange = {
  calico: { dataplane: "Iptables", externalService: "Tunnel" },
  kubeProxy: "Running",
};

export const operator: FoundOperator = {
  runs: true,
  version: "3.32.4",
  cni: "Calico",
  linuxDataplane: "Iptables",
  dataplaneIsOurs: false,
  bpfNetworkBootstrap: undefined,
  kubeProxyManagement: undefined,
};

export const manifest: FoundManifest = {
  version: "3.32.4",
  image: "quay.io/calico/node:v3.32.4",
  env: { DATASTORE_TYPE: "kubernetes" },
  mountsBpf: true,
  updateStrategy: "RollingUpdate",
  workloads: [
    { kind: "DaemonSet", name: "calico-node", readsEndpoint: true },
    { kind: "Deployment", name: "calico-kube-controllers", readsEndpoint: true },
  ],
};

/** The VPC CNI as EKS's add-on installs it, with what this program recommends. */
export const vpcCni: FoundVpcCni = {
  version: "1.22.4",
  env: {
    AWS_VPC_K8S_CNI_VETHPREFIX: "eni",
    AWS_VPC_CNI_NODE_PORT_SUPPORT: "true",
    CLUSTER_ENDPOINT: "https://x",
    MAX_ENI: "1",
  },
  enforcesPolicies: false,
};

/** A cluster whose pods are on the VPC CNI, and whose Calico enforces policies. */
export const onVpcCni: Partial<ClusterSnapshot> = {
  operator: { ...operator, cni: "AmazonVPC" },
  pools: [],
  daemonSets: ["kube-proxy", "aws-node"],
  vpcCni,
};

export const kubeProxy: FoundKubeProxy = {
  mode: "iptables",
  labels: { "k8s-app": "kube-proxy" },
  annotations: {},
  parking: { nodeSelector: "taken", nodeAffinity: "free" },
  nodeSelector: { "kubernetes.io/os": "linux" },
  apiServer: "api.internal.example.com:6443",
};

/** A node off AWS with a kernel of today, but for the changes. */
export function node(name: string, changes: Partial<FoundNode> = {}): FoundNode {
  return {
    name,
    operatingSystem: "linux",
    architecture: "amd64",
    kernel: "6.8.0-45-generic",
    instanceId: undefined,
    region: undefined,
    ...changes,
  };
}

/** FelixConfiguration `default` with these fields, none of them ours but those named. */
export function felix(
  spec: Readonly<Record<string, unknown>>,
  changes: Partial<FoundFelixConfiguration> = {},
): ClusterSnapshot["felix"] {
  return {
    apiVersion: "crd.projectcalico.org/v1",
    configurations: [{ name: "default", spec, ours: [], operatorsBpfEnabled: undefined, ...changes }],
  };
}

/** A sound cluster whose Calico is there by its operator, but for the changes. */
export function snapshot(changes: Partial<ClusterSnapshot> = {}): ClusterSnapshot {
  return {
    nodes: [node("a"), node("b")],
    operator,
    manifest: undefined,
    felix: felix({ healthPort: 9099 }),
    pools: [{ name: "default-ipv4-ippool", cidr: "192.168.0.0/16", ipipMode: "Never", disabled: false }],
    kubeProxy,
    endpoint: undefined,
    apiServerServiceIps: ["10.96.0.1"],
    dnsServiceIps: ["10.96.0.10"],
    daemonSets: ["kube-proxy"],
    vpcCni: undefined,
    dnsDeployments: ["coredns"],
    aws: undefined,
    unread: [],
    forbidden: [],
    ...changes,
  };
}

export const byManifest: Partial<ClusterSnapshot> = {
  operator: undefined,
  manifest,
  felix: felix({ logSeverityScreen: "Info" }),
  daemonSets: ["kube-proxy", "calico-node"],
};

/** What a user reads about a cluster. */
export function clusterLines(
  found: Partial<ClusterSnapshot>,
  change: ExistingChange = {},
  at: { readonly host: string; readonly port: number } = address,
): string[] {
  return existingClusterProblems(existingSettings(change), at, snapshot(found)).map(problemLine);
}
