import type { Socket } from "node:net";
import { ec2Host, stsHost } from "../dataPath/awsEndpoints.ts";
import { DataPath } from "../dataPath/dataPath.ts";
import type { LabNode, NodePrograms as LabPrograms } from "../dataPath/labNode.ts";
import { connectionIn, type Ec2Network, portName } from "../dataPath/networkInterfaces.ts";
import { writtenAtStart } from "../dataPath/skew.ts";
import type { CloudView, NetworkView } from "../kubernetes/cloudView.ts";
import type { NodeReport } from "../kubernetes/felix.ts";
import { at, keyOf } from "../kubernetes/object.ts";
import type { Instance } from "../world/instance.ts";
import type { Api } from "./api.ts";
import { type Cluster, firstAddress } from "./cluster.ts";
import type { ContainerName, NodeSide } from "./kubelets/nodeSide.ts";
import type { Mirror } from "./mirror.ts";
import { felixName } from "./names.ts";
import { isReady, nodeNameOf, whyNotReady } from "./pods.ts";

/** What nodes with real packets are made of. */
export interface LabParts {
  readonly programs: LabPrograms;
  readonly region: string;
}

export interface LabNodesOptions extends LabParts {
  readonly api: Api;
  readonly cluster: Cluster;
  readonly mirror: Mirror;
  readonly cloud: CloudView;
  readonly serviceCidr: string;
  /** Something of AWS was changed by a node. */
  readonly onChange: () => void;
}

/** Names of the endpoints in a region, for a certificate that is made before there is a cluster. */
export function endpointNames(region: string): string[] {
  return [`*.gr7.${region}.eks.amazonaws.com`, ec2Host(region), stsHost(region)];
}

/**
 * The instances of the simulated AWS as machines of the lab: real packets, a real Felix, and pods whose programs run.
 * Takes the place of the nodes that kwok plays.
 */
export class LabNodes implements NodeSide {
  readonly #options: LabNodesOptions;
  readonly #known = new Map<string, Instance>();
  #dataPath: Promise<DataPath> | undefined;
  #now: DataPath | undefined;
  #rules = "";

  constructor(options: LabNodesOptions) {
    this.#options = options;
  }

  /** The lab; undefined until there is an instance. */
  get dataPath(): DataPath | undefined {
    return this.#now;
  }

  /** Starts machines for new instances, ends those of instances that are gone, and follows the security groups. */
  async follow(instances: readonly Instance[]): Promise<void> {
    const present = new Set(instances.map(({ id }) => id));
    const gone = [...this.#known.values()].filter(({ id }) => !present.has(id));
    const fresh = instances.filter(({ id }) => !this.#known.has(id));
    // Before anything is awaited, so that the next look does not start them again.
    for (const { id } of gone) this.#known.delete(id);
    for (const instance of fresh) this.#known.set(instance.id, instance);
    if (this.#known.size === 0 && gone.length === 0) return;
    const lab = await this.#lab();
    if (fresh.length > 0) await this.#writeAsCalicoNode();
    await Promise.all([
      ...gone.map((one) => this.#leave(lab, one)),
      ...fresh.map((one) => this.#join(lab, one)),
    ]);
    await this.#followRules(lab, instances);
  }

  /** Notes the instances whose nodes have become ready; returns whether there are any. */
  news(): boolean {
    const fresh = [...this.#known.values()].filter(
      ({ ready, nodeName }) => !ready && this.#isNodeReady(nodeName),
    );
    for (const instance of fresh) instance.ready = true;
    return fresh.length > 0;
  }

  /** calico-node on every node, as its own probe finds it. */
  reports(): NodeReport[] {
    const { mirror } = this.#options;
    const wantsBpf = at(mirror.get(keyOf(felixName)), "spec.bpfEnabled") === true;
    const pods = new Map(
      mirror
        .ofKind("v1", "Pod")
        .filter(({ metadata }) => metadata.labels?.["k8s-app"] === "calico-node")
        .map((pod) => [nodeNameOf(pod), pod]),
    );
    return [...this.#known.values()].map(({ nodeName }) => {
      const pod = pods.get(nodeName);
      if (pod !== undefined && isReady(pod)) return { nodeName, ready: true, bpf: wantsBpf };
      const problem = (pod && whyNotReady(pod)) || "it is still starting";
      return { nodeName, ready: false, bpf: false, problem };
    });
  }

  entering({ namespace, pod, container }: ContainerName): readonly string[] | string {
    const found = this.#pod(namespace, pod);
    if (found === undefined) return `container ${container} of ${pod} not found`;
    const enter = found.container(container)?.entering();
    if (enter === undefined) return `container ${container} of ${pod} is not running`;
    // kwok, which runs it, has no PATH.
    return ["/usr/bin/env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", ...enter];
  }

  logs({ namespace, pod, container }: ContainerName): readonly string[] {
    return this.#pod(namespace, pod)?.log(container) ?? [];
  }

  /** Only the VPC CNI gives pods addresses that the control plane reaches. */
  reachesPod(host: string): boolean {
    const { vpcCni } = this.#options.programs;
    const reaches = ({ ip, pods }: LabNode) =>
      ip === host || (vpcCni !== undefined && pods.some((pod) => pod.ip === host));
    return this.#now?.nodes.some(reaches) ?? false;
  }

  /** A connection of the control plane, from its own interface in the VPC. */
  async dial(host: string, port: number): Promise<Socket> {
    const lab = await this.#lab();
    return lab.vpc.sockets.connect(host, port, this.#options.cloud.controlPlaneIp());
  }

  async stop(): Promise<void> {
    const lab = await this.#dataPath?.catch(() => undefined);
    await lab?.stop();
  }

  #pod(namespace: string, name: string) {
    for (const node of this.#now?.nodes ?? []) {
      const found = node.pod(namespace, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #instance(id: string): Instance {
    const found = this.#known.get(id);
    if (found === undefined) throw new Error(`instance ${id} is gone`);
    return found;
  }

  #network(): NetworkView {
    const { network } = this.#options.cloud;
    if (network === undefined) throw new Error("this AWS has no network to connect nodes to");
    return network;
  }

  #lab(): Promise<DataPath> {
    this.#dataPath ??= this.#startLab();
    return this.#dataPath;
  }

  async #startLab(): Promise<DataPath> {
    const { api, cluster, cloud, programs, region, serviceCidr, onChange } = this.#options;
    const [host, ip] = [cloud.endpointHost(), cloud.controlPlaneIp()];
    if (host === undefined || ip === undefined) throw new Error("the control plane has no interface yet");
    const network = this.#network();
    this.#now = await DataPath.start({
      controlPlane: { api, address: cluster.address, host, ip, kubernetesService: firstAddress(serviceCidr) },
      programs,
      aws: {
        region,
        account: network.account,
        certificate: cluster.ownCertificate,
        hasInternet: () => cloud.hasInternet(),
        allows: ({ id, roleArn }, action, resource) => {
          const instance = this.#known.get(id);
          return instance !== undefined && network.allows({ ...instance, roleArn }, action, resource);
        },
        roleOfPods: network.roleOfPods,
        network: this.#interfaces(network),
      },
      onSourceDestCheck: ({ id }, on) => {
        const instance = this.#known.get(id);
        if (instance !== undefined) instance.sourceDestCheck = on;
        onChange();
      },
    });
    await api.apply(kubernetesEndpoint(ip), { manager: "eks", force: true });
    return this.#now;
  }

  /** What is changed of an instance's interfaces, in AWS and on packets. */
  #interfaces(network: NetworkView): Ec2Network {
    const changed = <Result>(id: string, result: Result): Result => {
      const instance = this.#instance(id);
      const { interfaces } = network.networkOf(instance);
      const rules = network.rules(instance.securityGroupIds);
      void this.#now?.setInterfaces(id, interfaces, rules).catch(() => {});
      // Their addresses are members of the groups from now on.
      this.#options.onChange();
      return result;
    };
    return {
      of: ({ id }) => network.networkOf(this.#instance(id)),
      assignPrefixes: ({ id }, interfaceId, count) => changed(id, network.assignPrefixes(interfaceId, count)),
      create: ({ id }, wanted) => network.createInterface(this.#instance(id), wanted),
      attach: ({ id }, interfaceId, index) => changed(id, network.attachInterface(interfaceId, id, index)),
    };
  }

  async #join(lab: DataPath, instance: Instance): Promise<void> {
    const { id, nodeName, privateIp, subnetId, networkInterfaceId, roleArn, labels, instanceType } = instance;
    const { subnetCidr, rules } = this.#network();
    try {
      await lab.addNode({
        id,
        nodeName,
        ip: privateIp,
        networkInterfaceId,
        subnetId,
        roleArn,
        sourceDestCheck: instance.sourceDestCheck,
        connection: {
          ...connectionIn(subnetCidr(subnetId), privateIp),
          rules: rules(instance.securityGroupIds),
        },
        labels: {
          ...labels,
          "kubernetes.io/arch": process.arch === "arm64" ? "arm64" : "amd64",
          "node.kubernetes.io/instance-type": instanceType,
          "topology.kubernetes.io/region": this.#options.region,
        },
      });
    } catch (error) {
      // It is started again at the next look.
      this.#known.delete(id);
      await lab.removeNode(nodeName);
      throw error;
    }
  }

  /** Before any calico-node starts. */
  async #writeAsCalicoNode(): Promise<void> {
    const { api } = this.#options;
    if (!(await api.serves(felixName))) return;
    const { spec = {} } = ((await api.get(felixName)) ?? {}) as { spec?: object };
    const missing = Object.entries(writtenAtStart).filter(([field]) => !(field in spec));
    if (missing.length === 0) return;
    await api.merge(felixName, { spec: Object.fromEntries(missing) }, "calico-node");
  }

  /** The instance is gone, and its pods with it; the cloud's controller takes the node away. */
  async #leave(lab: DataPath, { nodeName }: Instance): Promise<void> {
    const { api, mirror } = this.#options;
    await lab.removeNode(nodeName);
    const here = mirror.ofKind("v1", "Pod").filter((pod) => nodeNameOf(pod) === nodeName);
    await api.delete({ apiVersion: "v1", kind: "Node", metadata: { name: nodeName } });
    await Promise.all(here.map((pod) => api.delete(pod, { gracePeriodSeconds: 0 })));
  }

  async #followRules(lab: DataPath, instances: readonly Instance[]): Promise<void> {
    const { rules, networkOf } = this.#network();
    const changes = new Map(
      instances.flatMap((instance) =>
        networkOf(instance).interfaces.map((one) => [
          portName(instance.nodeName, one),
          { rules: rules(one.securityGroupIds) },
        ]),
      ),
    );
    const text = JSON.stringify([...changes]);
    if (text === this.#rules) return;
    this.#rules = text;
    await lab.vpc.change(changes);
  }

  #isNodeReady(name: string): boolean {
    const node = this.#options.mirror.get(keyOf({ apiVersion: "v1", kind: "Node", metadata: { name } }));
    const conditions = at(node, "status.conditions");
    return (
      Array.isArray(conditions) &&
      conditions.some(({ type, status }) => type === "Ready" && status === "True")
    );
  }
}

/** Where nodes reach the API server; the server itself knows only its port on this machine. */
function kubernetesEndpoint(ip: string) {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "kubernetes",
      namespace: "default",
      labels: { "kubernetes.io/service-name": "kubernetes" },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: [ip], conditions: { ready: true } }],
    ports: [{ name: "https", port: 443, protocol: "TCP" }],
  };
}
