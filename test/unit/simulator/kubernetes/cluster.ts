import type { CloudView } from "../../../simulator/kubernetes/cloudView.ts";
import { Kubernetes } from "../../../simulator/kubernetes/kubernetes.ts";
import type { Key, KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import { at } from "../../../simulator/kubernetes/object.ts";
import type { State, Subject, Values } from "../../../simulator/protocol/provider.ts";
import { Activity, type ActivityOptions } from "../../../simulator/world/activity.ts";
import type { Instance } from "../../../simulator/world/instance.ts";

export const host = "abc.gr7.eu-west-1.eks.amazonaws.com";
export const installationKey = "operator.tigera.io/v1/Installation//default";
export const felixKey = "crd.projectcalico.org/v1/FelixConfiguration//default";

export const namespace: KubernetesObject = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "tigera-operator" },
};

/** Where the API server is, as the program writes it. */
export const endpoint: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "kubernetes-services-endpoint", namespace: "tigera-operator" },
  data: { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: "443" },
};

export function deployment(dnsPolicy = "Default"): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "tigera-operator", namespace: "tigera-operator" },
    spec: { template: { spec: { dnsPolicy } } },
  };
}

/** Every field of a pool: nothing is left to the operator. */
export const pool: Values = {
  name: "default-ipv4-ippool",
  cidr: "192.168.0.0/16",
  encapsulation: "VXLAN",
  natOutgoing: "Enabled",
  blockSize: 26,
  nodeSelector: "all()",
  allowedUses: ["Workload", "Tunnel"],
  assignmentMode: "Automatic",
  disableBGPExport: false,
  disableNewAllocations: false,
};

export function installation(linuxDataplane = "BPF", ipPools: Values[] = [pool]): KubernetesObject {
  return {
    apiVersion: "operator.tigera.io/v1",
    kind: "Installation",
    metadata: { name: "default" },
    spec: { calicoNetwork: { linuxDataplane, ipPools } },
  };
}

export function felix(spec: Values = { awsSrcDstCheck: "Disable" }): KubernetesObject {
  return {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "FelixConfiguration",
    metadata: { name: "default" },
    spec,
  };
}

/** A simulated Kubernetes on an AWS that consists of a few answers; a second passes in no time. */
export class Cluster {
  readonly activity: Activity;
  readonly instances = new Map<string, Instance>();
  /** Undefined: the cluster is gone. */
  endpointHost: string | undefined = host;
  /** Why Pulumi gets no answer. */
  endpointProblem: string | undefined;
  /** Nodes between which nothing is open, by id of the one that sends. */
  readonly closed = new Set<string>();
  /** The same for addresses of pods. */
  readonly closedToPods = new Set<string>();
  mayTurnCheckOff = true;
  /** Why aws-node may not manage network interfaces. */
  vpcCniProblem: string | undefined;
  /** Why it gets no prefixes. */
  prefixProblem: string | undefined;
  readonly cloud: CloudView = {
    instances: this.instances,
    endpointHost: () => this.endpointHost,
    endpointProblem: () => this.endpointProblem,
    allows: (from) => !this.closed.has(from.id),
    allowsFromPod: (_, from) => !this.closedToPods.has(from.id),
    controlPlaneIp: () => undefined,
    allowsFromControlPlane: () => true,
    hasInternet: () => true,
    mayTurnCheckOff: () => this.mayTurnCheckOff,
    vpcCniProblem: () => this.vpcCniProblem,
    takePrefixes: () => this.prefixProblem,
  };
  readonly kubernetes: Kubernetes;

  constructor(options: ActivityOptions = { millisecondsPerSecond: 0.001, stallMilliseconds: 10 }) {
    this.activity = new Activity(options);
    this.kubernetes = new Kubernetes(this.cloud, this.activity);
    this.activity.changed();
  }

  get api() {
    return this.kubernetes.api;
  }

  /** Lets a node join: `ip-10-40-0-4` is number 4. */
  join(number: number, kernel = "6.12.94-123.amzn2023.x86_64"): Instance {
    const instance: Instance = {
      id: `i-${number}`,
      nodeName: `ip-10-40-0-${number}`,
      privateIp: `10.40.0.${number}`,
      subnetId: "subnet-1",
      networkInterfaceId: `eni-${number}`,
      securityGroupIds: ["sg-1"],
      roleArn: "arn:aws:iam::123456789012:role/node",
      nodeGroupName: "default",
      instanceType: "m7i.large",
      family: "AL2023",
      architecture: "x86_64",
      kernel,
      labels: {},
      taints: [],
      sourceDestCheck: true,
      ready: false,
    };
    this.instances.set(instance.id, instance);
    this.activity.changed();
    return instance;
  }

  /** Writes objects as the program does, each under the manager `program`. */
  apply(...objects: readonly KubernetesObject[]): void {
    for (const object of objects) this.api.apply(object, "program");
  }

  /** The operator with its namespace and the endpoint, and a number of nodes; waits until it is available. */
  async startOperator(nodes = 2): Promise<void> {
    this.apply(namespace, endpoint, deployment());
    for (let number = 1; number <= nodes; number += 1) this.join(number);
    await this.idle();
  }

  /** Waits until nothing happens any more. */
  async idle(): Promise<void> {
    // One timer after another outlasts any chain of works, on a slow machine as well.
    for (let quiet = 0; quiet < 5; quiet += 1) await new Promise((done) => setTimeout(done, 1));
  }

  at(key: Key, path: string): unknown {
    return at(this.api.get(key), path);
  }

  /** Status and message of the Installation's condition Ready. */
  get ready(): string {
    const [condition] = (this.at(installationKey, "status.conditions") ?? []) as {
      status: string;
      message: string;
    }[];
    return condition === undefined ? "no condition" : `${condition.status}: ${condition.message}`;
  }

  create(type: string, object: KubernetesObject, preview = false): Promise<State> {
    return this.kubernetes.create(subjectOf(type), valuesOf(object), preview);
  }

  update(type: string, olds: KubernetesObject, news: KubernetesObject, preview = false): Promise<Values> {
    const { name } = news.metadata;
    return this.kubernetes.update(subjectOf(type), name, valuesOf(olds), valuesOf(news), preview);
  }

  delete(type: string, object: KubernetesObject): Promise<void> {
    return this.kubernetes.delete(subjectOf(type), object.metadata.name, valuesOf(object));
  }
}

/** `ConfigMap`, or `ConfigMap gate` for a resource with that name. */
export function subjectOf(type: string): Subject {
  const [kind = "", name = "ours"] = type.split(" ");
  return { urn: `urn:pulumi:dev::test::kubernetes:v1:${kind}::${name}`, type: `kubernetes:v1:${kind}`, name };
}

export function valuesOf(object: KubernetesObject): Values {
  return JSON.parse(JSON.stringify(object));
}
