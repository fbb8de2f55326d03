interface KubernetesVersion {
  /** First day of the minor version on EKS, ISO date. */
  readonly releasedOn: string;
  /** Last day of standard support, ISO date. */
  readonly standardUntil: string;
  /** Last day of extended support, which costs six times as much, ISO date. */
  readonly extendedUntil: string;
  /** Modes that EKS's kube-proxy add-on still has. */
  readonly kubeProxyModes: readonly KubeProxyMode[];
}

type KubeProxyMode = "iptables" | "nftables" | "ipvs";

interface EndedKubernetesVersion {
  /** Last day of standard support, ISO date; it is past. */
  readonly standardUntil: string;
  readonly extendedUntil: string;
}

/**
 * Kubernetes minor versions on EKS that a Calico release of `calicoVersions` is tested with. 1.37 is on
 * EKS since 2026-10-01 and has no row yet: the kernels of its AMIs are not known here. Sources: endoflife-date/endoflife.date products/amazon-eks.md (2026-08-22) and the EKS user guide's
 * kubernetes-versions page; IPVS, deprecated in 1.35 and gone in 1.36: aws/containers-roadmap#2826. Read 2026-11-20.
 */
export const kubernetesVersions = {
  "1.34": {
    releasedOn: "2025-10-02",
    standardUntil: "2026-12-02",
    extendedUntil: "2027-12-02",
    kubeProxyModes: ["iptables", "nftables", "ipvs"],
  },
  "1.35": {
    releasedOn: "2026-01-28",
    standardUntil: "2027-03-27",
    extendedUntil: "2028-03-27",
    kubeProxyModes: ["iptables", "nftables", "ipvs"],
  },
  "1.36": {
    releasedOn: "2026-06-02",
    standardUntil: "2027-08-02",
    extendedUntil: "2028-08-02",
    kubeProxyModes: ["iptables", "nftables"],
  },
} as const satisfies Record<string, KubernetesVersion>;

/**
 * Minor versions that EKS still runs in extended support and that no Calico release of `calicoVersions` is tested with.
 * Sources as above; where a page only says "ended", the date is twelve months before the end of extended support.
 */
export const endedKubernetesVersions = {
  "1.32": { standardUntil: "2026-03-23", extendedUntil: "2027-03-23" },
  "1.33": { standardUntil: "2026-07-29", extendedUntil: "2027-07-29" },
} as const satisfies Record<string, EndedKubernetesVersion>;
