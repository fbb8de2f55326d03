import type { Messages, PolicyResource, StackPolicy, Violation } from "./policy.ts";
import { at, isOtherThan } from "./values.ts";

const addonType = "aws:eks/addon:Addon";
const clusterType = "aws:eks/cluster:Cluster";

/**
 * A VPC CNI gives pods their own addresses and routes, which Calico's eBPF programs do not know unless the Installation names
 * it. What EKS would install by itself is configured by nothing.
 */
export const noVpcCni: StackPolicy = {
  of: "stack",
  name: "no-vpc-cni",
  description: "There is no VPC CNI next to Calico, unless Calico's Installation names it as the CNI.",
  violations: (resources) => {
    const unwanted = resources.some(namesVpcCni) ? bootstrapped : vpcCniOf;
    return resources.flatMap((one) => [unwanted(one)].flat().map((message) => ({ urn: one.urn, message })));
  },
};

function namesVpcCni({ inputs }: PolicyResource): boolean {
  return inputs["kind"] === "Installation" && at(inputs, "spec", "cni", "type") === "AmazonVPC";
}

function bootstrapped({ type, inputs }: PolicyResource): Messages {
  if (type !== clusterType || !isOtherThan(inputs["bootstrapSelfManagedAddons"], false)) return [];
  return "EKS installs the VPC CNI and kube-proxy by default; Calico replaces both. Set bootstrapSelfManagedAddons: false.";
}

function vpcCniOf(resource: PolicyResource): Messages {
  const { type, inputs } = resource;
  if (type === addonType && inputs["addonName"] === "vpc-cni") {
    return "the add-on vpc-cni is enabled; Calico is this cluster's CNI. Remove the add-on.";
  }
  if (isDaemonSet(inputs, "aws-node")) {
    return "a DaemonSet is named aws-node, the VPC CNI; Calico is this cluster's CNI. Remove it.";
  }
  if (/\/AmazonEKS_CNI_Policy$/.test(String(inputs["policyArn"]))) {
    return "AmazonEKS_CNI_Policy is attached; it lets its role rewire every network interface, and there is no VPC CNI that needs it. Detach it.";
  }
  return bootstrapped(resource);
}

/** Two service handlers interfere: the first one wins, and the order is random. */
export const noKubeProxyBesideEbpf: StackPolicy = {
  of: "stack",
  name: "no-kube-proxy-beside-ebpf",
  description: "Where Calico's dataplane is eBPF, kube-proxy runs on no node.",
  violations: (resources) => {
    if (!resources.some(switchesEbpfOn) || resources.some(parksKubeProxy)) return [];
    return resources.filter(runsKubeProxy).map(
      ({ urn }): Violation => ({
        urn,
        message:
          "kube-proxy runs on the nodes; Calico's eBPF serves services there. Set kubeProxy: Absent or Parked, or remove it.",
      }),
    );
  },
};

function switchesEbpfOn({ inputs }: PolicyResource): boolean {
  return (
    (inputs["kind"] === "Installation" && at(inputs, "spec", "calicoNetwork", "linuxDataplane") === "BPF") ||
    (inputs["kind"] === "FelixConfiguration" && at(inputs, "spec", "bpfEnabled") === true)
  );
}

function runsKubeProxy({ type, inputs }: PolicyResource): boolean {
  if (type === addonType) return inputs["addonName"] === "kube-proxy";
  return type === "kubernetes:apps/v1:DaemonSet" && isDaemonSet(inputs, "kube-proxy");
}

/** A node selector or an affinity that keeps it off the nodes. */
function parksKubeProxy({ inputs }: PolicyResource): boolean {
  const pod = at(inputs, "spec", "template", "spec");
  const kept = [at(pod, "nodeSelector"), at(pod, "affinity")];
  return isDaemonSet(inputs, "kube-proxy") && kept.some((one) => one !== undefined);
}

function isDaemonSet(inputs: PolicyResource["inputs"], name: string): boolean {
  return inputs["kind"] === "DaemonSet" && at(inputs, "metadata", "name") === name;
}
