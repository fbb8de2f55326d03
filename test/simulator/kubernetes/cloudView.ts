import type { PortRule } from "../dataPath/firewall.ts";
import type { InstanceNetwork, LabInterface, WantedInterface } from "../dataPath/networkInterfaces.ts";
import type { Instance } from "../world/instance.ts";

/** What the simulated Kubernetes sees of AWS. */
export interface CloudView {
  /** Instances that have joined, by id. */
  readonly instances: ReadonlyMap<string, Instance>;
  /** Host of the cluster's endpoint; undefined while there is no cluster. */
  endpointHost(): string | undefined;
  /** Why Pulumi gets no answer from the endpoint, from where it runs; undefined: it gets one. */
  endpointProblem(): string | undefined;
  /** Whether the security groups, as written, let a packet from one node's address through to another node. */
  allows(from: Instance, to: Instance, protocol: "tcp" | "udp", port: number): boolean;
  /** Whether they let a packet through of a pod on one node, with the pod's own address, through to another. */
  allowsFromPod(podCidr: string, from: Instance, to: Instance): boolean;
  /** Address of the control plane in the network of the nodes; undefined: it has none. */
  controlPlaneIp(): string | undefined;
  /** Whether the security groups let a packet from the control plane through to a node. */
  allowsFromControlPlane(to: Instance, protocol: "tcp" | "udp", port: number): boolean;
  /** Whether nodes have a way to the internet. */
  hasInternet(): boolean;
  /** Whether the node's role, as written, may turn off the check of its network interface. */
  mayTurnCheckOff(instance: Instance): boolean;
  /** Why the AWS VPC CNI on a node may not manage its network interfaces; undefined: it may. */
  vpcCniProblem(instance: Instance): string | undefined;
  /** Takes the prefixes that the AWS VPC CNI on a node takes at first, if it has none; returns why EC2 gives it none. */
  takePrefixes(instance: Instance): string | undefined;
  /** What it takes to carry real packets. Absent: nothing asks for it. */
  readonly network?: NetworkView;
  /** What controllers of add-ons and charts see. Absent: nothing asks for it. */
  readonly controllers?: ControllersView;
}

/** The simulated AWS as those see it who scale nodes and make volumes. */
export interface ControllersView {
  /** Why the pods of a service account in kube-system get no AWS credentials; undefined: they get them. */
  credentialsProblem(serviceAccount: string): string | undefined;
  /** The Auto Scaling groups of the node groups. */
  groups(): readonly AutoScalingGroup[];
}

export interface AutoScalingGroup {
  readonly name: string;
  /** Physical name of the EKS node group. */
  readonly nodeGroupName: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
}

/** The simulated AWS as those see it who carry real packets between its instances. */
export interface NetworkView {
  readonly account: string;
  /** Block of a subnet: `10.40.0.0/20`. */
  subnetCidr(subnetId: string): string;
  /** What security groups let in and out, as they are written now. */
  rules(securityGroupIds: readonly string[]): {
    readonly ingress: readonly PortRule[];
    readonly egress: readonly PortRule[];
  };
  /** Whether the role of an instance may do something to a resource. */
  allows(instance: Instance, action: string, resource: string): boolean;
  /** The role of the pods of a service account; undefined: they have the node's. */
  roleOfPods(
    namespace: string,
    serviceAccount: string,
  ): { readonly roleArn: string; readonly problem: string | undefined } | undefined;
  /** What an instance is connected to. */
  networkOf(instance: Instance): InstanceNetwork;
  /** Gives a network interface blocks of 16 addresses; undefined: its subnet has not as many. */
  assignPrefixes(interfaceId: string, count: number): readonly string[] | undefined;
  /** Makes a network interface for an instance; undefined: its subnet has not as many addresses. */
  createInterface(instance: Instance, wanted: WantedInterface): LabInterface | undefined;
  attachInterface(interfaceId: string, instanceId: string, deviceIndex: number): void;
}
