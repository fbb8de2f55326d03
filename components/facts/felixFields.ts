/** A field that a stack may not set. */
export interface FelixField {
  /** Unset: this program writes it, from a setting or because another part of the program depends on it. */
  readonly owner?: "operator";
  /** Why a user's value does not work, continuing "it". */
  readonly reason: string;
  /** What to write instead, without a full stop. */
  readonly instead: string;
}

const fromOperator = { owner: "operator", instead: "Remove it" } as const;
const remove = "Remove it";
const noWireGuard = {
  reason: "needs UDP 51820 and 51821 between the nodes, which their security group does not allow",
  instead: remove,
} as const;

/**
 * Fields of FelixConfiguration that `calico.felix` may not set. Sources, read 2026-11-20: what the operator writes:
 * tigera/operator pkg/controller/installation/bpf.go and core_controller.go (v1.42.4, release-v1.44); what the fields mean:
 * projectcalico/calico felix/docs/config-params.json (v3.32.1).
 */
export const felixFields = {
  bpfEnabled: {
    owner: "operator",
    reason: "stops the operator, silently, when another client has set it",
    instead: "Set calico.dataplane: BPF or Iptables",
  },
  healthPort: { ...fromOperator, reason: "is the port of the operator's probes" },
  vxlanPort: {
    ...fromOperator,
    reason: "is set by the operator, and the nodes' security group allows only 4789",
  },
  vxlanVNI: { ...fromOperator, reason: "is set by the operator" },
  nftablesMode: { ...fromOperator, reason: "is overwritten by the operator at each of its updates" },
  routeTableRange: { ...fromOperator, reason: "is set by the operator" },
  programClusterRoutes: { ...fromOperator, reason: "is derived by the operator from the Installation" },
  bpfExternalServiceMode: {
    reason: "has its own setting",
    instead: "Set calico.externalService: DSR or Tunnel",
  },
  bpfDSROptoutCIDRs: { reason: "has its own setting", instead: "Set calico.dsrOptOutCidrs" },
  awsSrcDstCheck: {
    reason:
      "is Disable on every node: DSR and unencapsulated pods need that, and the nodes' role allows nothing else",
    instead: remove,
  },
  bpfKubeProxyIptablesCleanupEnabled: {
    reason: "is derived from kubeProxy: it must be off while kube-proxy runs",
    instead: "Set kubeProxy",
  },
  bpfKubeProxyHealthzPort: {
    reason: "is derived from kubeProxy: two servers cannot share the port",
    instead: "Set kubeProxy",
  },
  prometheusMetricsEnabled: {
    reason: "has its own setting",
    instead: "Set calico.metricsPort, null for no metrics",
  },
  prometheusMetricsPort: {
    reason: "has its own setting, for which the nodes' security group has a rule",
    instead: "Set calico.metricsPort",
  },
  vxlanEnabled: { reason: "follows the IP pool's encapsulation", instead: "Set calico.encapsulation" },
  vxlanMTU: { reason: "follows the MTU of pods", instead: "Set calico.mtu" },
  ipipEnabled: {
    reason:
      "enables IPIP, which is not recommended with the eBPF dataplane and which the nodes' security group does not allow",
    instead: "Set calico.encapsulation: VXLAN",
  },
  wireguardEnabled: noWireGuard,
  wireguardEnabledV6: noWireGuard,
} as const satisfies Record<string, FelixField>;

/**
 * Fields of FelixConfiguration that this program takes over in an existing cluster, with what Felix does where they
 * are not set. A released field falls back to this. Source: projectcalico/calico felix/docs/config-params.json
 * (v3.32.1; the same in release-v3.33), read 2026-11-20.
 */
export const felixDefaults = {
  bpfEnabled: false,
  bpfExternalServiceMode: "Tunnel",
  bpfDSROptoutCIDRs: [],
  bpfKubeProxyIptablesCleanupEnabled: true,
  bpfKubeProxyHealthzPort: 10256,
} as const satisfies Record<string, boolean | number | string | readonly string[]>;
