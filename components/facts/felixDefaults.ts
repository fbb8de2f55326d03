/**
 * Fields of FelixConfiguration that this program takes over in a cluster that is there, with what Felix does where they
 * are not set. A field that is given up falls back to this. Source: projectcalico/calico felix/docs/config-params.json
 * (v3.32.1; the same in release-v3.33), read 2026-11-20.
 */
export const felixDefaults = {
  bpfEnabled: false,
  bpfExternalServiceMode: "Tunnel",
  bpfDSROptoutCIDRs: [],
  bpfKubeProxyIptablesCleanupEnabled: true,
  bpfKubeProxyHealthzPort: 10256,
} as const satisfies Record<string, boolean | number | string | readonly string[]>;
