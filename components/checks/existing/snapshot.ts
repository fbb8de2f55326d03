/** What was read from an existing cluster, as plain values, before anything is registered. */
export interface ClusterSnapshot {
  /** Linux and other nodes. */
  readonly nodes: readonly FoundNode[];
  /** Calico as the operator installed it; undefined: there is no Installation. */
  readonly operator: FoundOperator | undefined;
  /** Calico as a manifest installed it; undefined: kube-system has no calico-node. */
  readonly manifest: FoundManifest | undefined;
  /** Undefined: no FelixConfiguration is served. */
  readonly felix: FoundFelix | undefined;
  readonly pools: readonly FoundPool[];
  readonly kubeProxy: FoundKubeProxy | undefined;
  /** ConfigMap with the API server's address; undefined: there is none. */
  readonly endpoint: FoundEndpoint | undefined;
  /** Addresses of the service of the API server. */
  readonly apiServerServiceIps: readonly string[];
  /** Addresses of the service of the cluster's DNS. */
  readonly dnsServiceIps: readonly string[];
  /** DaemonSets of kube-system, by name. */
  readonly daemonSets: readonly string[];
  /** The AWS VPC CNI, DaemonSet aws-node; undefined: kube-system has none. */
  readonly vpcCni: FoundVpcCni | undefined;
  /** Deployments of the cluster's DNS in kube-system, by name. */
  readonly dnsDeployments: readonly string[];
  /** What AWS reports about the nodes; undefined: not read. */
  readonly aws: AwsSnapshot | undefined;
  /** What could not be read. */
  readonly unread: readonly Unread[];
  /** What this program would have to do but is not permitted to. */
  readonly forbidden: readonly Access[];
}

/** An action that the API server or AWS permits. */
export interface Access {
  /** `list`, or `ec2:DescribeInstances`. */
  readonly verb: string;
  /** `nodes`, `daemonsets.apps`; "" where the verb is enough. */
  readonly resource: string;
  /** Unset: in no namespace. */
  readonly namespace?: string;
}

export interface Unread extends Access {
  /** The server's own words. */
  readonly why: string;
}

export interface FoundNode {
  readonly name: string;
  /** `linux` or `windows`. */
  readonly operatingSystem: string;
  /** `amd64`, `arm64`. */
  readonly architecture: string;
  /** What `uname -r` prints. */
  readonly kernel: string;
  /** `i-…`; undefined: not on EC2. */
  readonly instanceId: string | undefined;
  /** AWS region by the node's label; undefined: it has none. */
  readonly region: string | undefined;
}

export interface FoundOperator {
  /** Whether the operator itself is in its namespace. */
  readonly runs: boolean;
  /** Release without v, as the operator reports it; undefined: not reported. */
  readonly version: string | undefined;
  readonly cni: string | undefined;
  readonly linuxDataplane: string | undefined;
  /** Whether this program set the dataplane. */
  readonly dataplaneIsOurs: boolean;
  readonly bpfNetworkBootstrap: string | undefined;
  readonly kubeProxyManagement: string | undefined;
}

export interface FoundManifest {
  /** Release without v, by the image of calico-node; undefined: its tag says none. */
  readonly version: string | undefined;
  readonly image: string;
  /** Environment variables of calico-node's container that have a literal value. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it has /sys/fs/bpf of the host. */
  readonly mountsBpf: boolean;
  /** `RollingUpdate` or `OnDelete`. */
  readonly updateStrategy: string;
  /** Workloads that read the API server's address from the ConfigMap at start, and those that should but do not. */
  readonly workloads: readonly FoundWorkload[];
}

export interface FoundVpcCni {
  /** Release without v, by its image; undefined: its tag says none. */
  readonly version: string | undefined;
  /** Environment variables of container aws-node that have a literal value. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether its agent enforces network policies, too. */
  readonly enforcesPolicies: boolean;
}

export interface FoundWorkload {
  readonly kind: "DaemonSet" | "Deployment";
  readonly name: string;
  /** Whether it reads its environment from the ConfigMap. */
  readonly readsEndpoint: boolean;
}

export interface FoundFelix {
  readonly apiVersion: "crd.projectcalico.org/v1" | "projectcalico.org/v3";
  /** `default`, and `node.<name>` where a node has its own. */
  readonly configurations: readonly FoundFelixConfiguration[];
}

/** Spec of FelixConfiguration `default`, which is for all nodes; empty where there is none. */
export function defaultFelixSpec(felix: FoundFelix | undefined): FoundFelixConfiguration["spec"] {
  return felix?.configurations.find(({ name }) => name === "default")?.spec ?? {};
}

export interface FoundFelixConfiguration {
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
  /** Fields of the spec that this program set. */
  readonly ours: readonly string[];
  /** Value of the operator's annotation on bpfEnabled. */
  readonly operatorsBpfEnabled: string | undefined;
}

export interface FoundPool {
  readonly name: string;
  readonly cidr: string;
  /** `Never`, `Always` or `CrossSubnet`. */
  readonly ipipMode: string;
  readonly disabled: boolean;
}

/** Fields of a pod's spec that keep it from nodes. The API server replaces either as a whole, never a part of it. */
export type ParkingField = "nodeAffinity" | "nodeSelector";

export interface FoundKubeProxy {
  /** From its configuration or arguments; undefined: the default of its version. */
  readonly mode: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Each way to keep its pods from nodes, and its owner. */
  readonly parking: Readonly<Record<ParkingField, "free" | "ours" | "taken">>;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Host and port of the API server that it uses: `api.example.com:6443`. */
  readonly apiServer: string | undefined;
}

export interface FoundEndpoint {
  readonly data: Readonly<Record<string, string>>;
  readonly isOurs: boolean;
}

export interface AwsSnapshot {
  readonly interfaces: readonly FoundInterface[];
  /** Ingress rules. */
  readonly rules: readonly FoundRule[];
}

export interface FoundInterface {
  /** `eni-…` */
  readonly id: string;
  readonly nodeName: string;
  readonly isPrimary: boolean;
  readonly subnetId: string;
  readonly privateIp: string;
  readonly sourceDestCheck: boolean;
  readonly securityGroupIds: readonly string[];
}

export interface FoundRule {
  readonly groupId: string;
  /** `udp`, `-1` for every protocol. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  /** Either a group or an IPv4 block; neither: something that is not checked, such as a prefix list. */
  readonly sourceGroupId: string | undefined;
  readonly sourceCidr: string | undefined;
}
