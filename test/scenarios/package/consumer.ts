import * as aws from "@pulumi/aws";
import { EbpfCluster } from "calico-ebpf-eks";
import { Network, type NetworkArgs } from "calico-ebpf-eks/components/network";

/** A program of another team: a component of the package, and what it makes of its outputs. */
export async function program() {
  const cluster = new EbpfCluster("platform", {
    region: "eu-west-1",
    cluster: { name: "calico-ebpf-eks-dev", publicAccessCidrs: ["198.18.0.0/15"] },
  });
  return { name: cluster.clusterName.apply((name) => name.toUpperCase()), kubeconfig: cluster.kubeconfig };
}

const subnets: NetworkArgs["subnets"] = {
  nodeSubnets: [{ zone: "eu-west-1a", cidr: "10.40.0.0/20" }],
  controlPlaneSubnets: [
    { zone: "eu-west-1a", cidr: "10.40.255.240/28" },
    { zone: "eu-west-1b", cidr: "10.40.255.224/28" },
  ],
  natSubnets: [{ zone: "eu-west-1a", cidr: "10.40.255.208/28" }],
  loadBalancerSubnets: [],
};

/** A program that makes one of the parts only. */
export async function partsProgram() {
  const provider = new aws.Provider("aws", { region: "eu-west-1" });
  const network = new Network(
    "shared",
    {
      region: "eu-west-1",
      vpcCidr: "10.40.0.0/16",
      subnets,
      endpointServices: [],
      flowLogs: false,
      logRetentionDays: 90,
      permissionsBoundary: undefined,
      tags: { team: "net" },
    },
    { provider },
  );
  return { vpcId: network.vpcId };
}
