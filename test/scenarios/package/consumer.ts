import { EbpfCluster } from "calico-ebpf-eks";

/** A program of another team: a component of the package, and what it makes of its outputs. */
export async function program() {
  const cluster = new EbpfCluster("platform", {
    region: "eu-west-1",
    cluster: { name: "calico-ebpf-eks-dev", publicAccessCidrs: ["198.18.0.0/15"] },
  });
  return { name: cluster.clusterName.apply((name) => name.toUpperCase()), kubeconfig: cluster.kubeconfig };
}
