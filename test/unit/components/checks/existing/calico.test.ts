import { describe, expect, it } from "vitest";
import type { ClusterSnapshot } from "../../../../../components/checks/existing/snapshot.ts";
import {
  backToIptables,
  byManifest,
  clusterLines,
  manifest,
  operator,
  vpcCni,
} from "../../../../support/existing.ts";

type Found = Partial<ClusterSnapshot>;

describe("a cluster that is there", () => {
  it.each<[string, Found]>([
    ["by its operator", {}],
    ["by its manifest", byManifest],
    [
      "with IPIP in a pool that is disabled",
      { pools: [{ name: "old", cidr: "10.0.0.0/8", ipipMode: "Always", disabled: true }] },
    ],
    [
      "with a VPC CNI whose release is not known to be bad, next to a Calico with its own network",
      { vpcCni: { ...vpcCni, version: "1.23.0" } },
    ],
  ])("passes with Calico %s", (_name, found) => {
    expect(clusterLines(found)).toEqual([]);
  });

  it.each<[string, Found, string]>([
    [
      "no Calico",
      { operator: undefined, felix: undefined },
      "Calico: neither Installation default nor DaemonSet calico-node in kube-system exists; the cluster's network must be Calico, installed by its operator or by its manifest. Choose another cluster, or install Calico first.",
    ],
    [
      "two Calicos",
      { manifest },
      "Calico: it is listed twice: Installation default, and DaemonSet calico-node in kube-system; only one of the two may be installed. Finish the migration to the operator, or remove the leftovers.",
    ],
    [
      "an Installation without its operator",
      { operator: { ...operator, runs: false } },
      "Deployment tigera-operator: it does not exist in namespace tigera-operator; Installation default exists, and only the operator acts on it. Reinstall the operator.",
    ],
    [
      "an unknown release",
      { operator: { ...operator, version: "3.29.1" } },
      "Calico: 3.29.1 is not a known release; the known releases are 3.32.0, 3.32.1, 3.32.2, 3.32.4, 3.33.0 and 3.33.1. Upgrade Calico to one of them, or add its row to components/facts/versions.ts.",
    ],
    [
      "an image whose tag tells no release",
      { ...byManifest, manifest: { ...manifest, version: undefined, image: "calico/node:latest" } },
      "Calico: the version is unknown: calico/node:latest; the known releases are 3.32.0, 3.32.1, 3.32.2, 3.32.4, 3.33.0 and 3.33.1. Upgrade Calico to one of them, or add its row to components/facts/versions.ts.",
    ],
    [
      "a release that is known to be bad",
      { operator: { ...operator, version: "3.33.0" } },
      "Calico: 3.33.0 is known to be bad: its operator v1.44.0 overwrites or removes settings of FelixConfiguration (tigera/operator#5367); 3.33.1 is the first release without it. Upgrade Calico to 3.33.1 first.",
    ],
    [
      "a release whose Felix resets NodePort connections when it starts",
      { operator: { ...operator, version: "3.32.0" } },
      "Calico: 3.32.0 is known to be bad: whenever Felix starts on a node, all NodePort connections through it are reset (projectcalico/calico#12192); 3.32.1 is the first release without it. Upgrade Calico to 3.32.1 first.",
    ],
    [
      "another network next to it",
      { daemonSets: ["kube-proxy", "cilium"] },
      "CNI: Cilium runs next to Calico; eBPF is for Calico's own network, the VPC CNI and Azure's. Choose another cluster.",
    ],
    [
      "a network that eBPF is not for",
      { operator: { ...operator, cni: "GKE" } },
      "Installation default, spec.cni.type: GKE; eBPF is for Calico, AmazonVPC and AzureVNET. Choose another cluster.",
    ],
    [
      "an operator that manages kube-proxy",
      { operator: { ...operator, kubeProxyManagement: "Enabled" } },
      "Installation default, spec.calicoNetwork.kubeProxyManagement: Enabled; the operator would then make the same changes as this program, in another way. Set it to Disabled, or leave the cluster to the operator.",
    ],
    [
      "etcd as its datastore",
      { ...byManifest, manifest: { ...manifest, env: { DATASTORE_TYPE: "etcdv3" } } },
      "DaemonSet calico-node: its datastore is etcdv3; eBPF needs the Kubernetes datastore. Migrate the datastore first.",
    ],
    [
      "no BPF filesystem",
      { ...byManifest, manifest: { ...manifest, mountsBpf: false } },
      "DaemonSet calico-node: it does not mount /sys/fs/bpf of the host; eBPF programs must survive a restart of calico-node. Apply the manifest of its release again, which mounts it.",
    ],
    [
      "pods that restart only by hand",
      { ...byManifest, manifest: { ...manifest, updateStrategy: "OnDelete" } },
      "DaemonSet calico-node: its update strategy is OnDelete; its pods must restart automatically to get the API server's address. Set updateStrategy.type: RollingUpdate.",
    ],
    [
      "a calico-node that reads no endpoint",
      {
        ...byManifest,
        manifest: {
          ...manifest,
          workloads: [{ kind: "DaemonSet", name: "calico-node", readsEndpoint: false }],
        },
      },
      "DaemonSet calico-node: it does not read its environment from ConfigMap kubernetes-services-endpoint; without kube-proxy it would not find the API server. Apply the manifest of its release again, which has that envFrom.",
    ],
    [
      "IPIP",
      { pools: [{ name: "old", cidr: "10.0.0.0/8", ipipMode: "CrossSubnet", disabled: false }] },
      "IPPool old: ipipMode is CrossSubnet; Calico does not recommend IPIP under eBPF, where it performs poorly. Set ipipMode: Never and vxlanMode: CrossSubnet.",
    ],
    [
      "another dataplane than a destroy could leave",
      { operator: { ...operator, linuxDataplane: "Nftables" } },
      "Installation default, spec.calicoNetwork.linuxDataplane: Nftables; a destroy could only restore the default, Iptables. Set it to Iptables first, and back to its present value after a destroy.",
    ],
  ])("is refused with %s", (_name, found, line) => {
    expect(clusterLines(found)).toEqual([line]);
  });

  it("lets nothing that nodes or Calico are stand in the way back", () => {
    const found = {
      operator: { ...operator, version: "3.29.1", cni: "GKE", linuxDataplane: "BPF", dataplaneIsOurs: true },
      daemonSets: ["cilium"],
    };

    expect(clusterLines(found, backToIptables)).toEqual([]);
    expect(clusterLines(found)).toHaveLength(3);
  });
});
