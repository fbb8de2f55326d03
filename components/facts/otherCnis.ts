interface OtherCni {
  readonly name: string;
  readonly source: string;
}

const platforms =
  "tigera/docs operations/ebpf/install.mdx, supported platforms, read 2026-11-20: Calico's own networking, the VPC CNI and Azure's";

/** DaemonSets in kube-system of networks beside which Calico's eBPF dataplane is not supported. */
export const otherCnis = {
  antrea: { name: "Antrea", source: platforms },
  canal: { name: "Canal, which is Flannel with Calico's policy", source: platforms },
  cilium: { name: "Cilium", source: platforms },
  "kube-flannel": { name: "Flannel", source: platforms },
  "kube-flannel-ds": { name: "Flannel", source: platforms },
  "kube-router": { name: "kube-router", source: platforms },
  "weave-net": { name: "Weave Net", source: platforms },
} as const satisfies Record<string, OtherCni>;

/** Releases of the VPC CNI that drop Calico's packets. Read 2026-11-20, when the fix, #3875, was not released. */
export const badVpcCnis = {
  "1.23.0": {
    symptom: "its nftables rules wipe the mark of Calico's packets, which are then dropped",
    issue: "aws/amazon-vpc-cni-k8s#3872",
  },
} as const satisfies Record<string, { readonly symptom: string; readonly issue: string }>;
