import { disruptions } from "../../shared/disruptions.ts";

/** Settings of a stack that a mode changes. */
export interface ModeSettings {
  readonly dataplane: "BPF" | "Iptables";
  readonly externalService: "DSR" | "Tunnel";
  readonly kubeProxy: "Absent" | "Parked" | "Running";
}

interface Mode {
  readonly title: string;
  readonly settings: Omit<ModeSettings, "kubeProxy">;
}

/** Every mode that can be measured, by its word on the command line. */
export const modes = {
  tunnel: { title: "eBPF, Tunnel", settings: { dataplane: "BPF", externalService: "Tunnel" } },
  dsr: { title: "eBPF, DSR", settings: { dataplane: "BPF", externalService: "DSR" } },
  iptables: { title: "iptables", settings: { dataplane: "Iptables", externalService: "Tunnel" } },
} as const satisfies Readonly<Record<string, Mode>>;

export type ModeName = keyof typeof modes;

/** The mode that a stack is in. */
export function modeOf({ dataplane, externalService }: Omit<ModeSettings, "kubeProxy">): ModeName {
  if (dataplane === "Iptables") return "iptables";
  return externalService === "DSR" ? "dsr" : "tunnel";
}

/**
 * What a stack's settings become in a mode. iptables needs kube-proxy on every node; where it runs only because the stack
 * is without eBPF, eBPF is measured without it.
 */
export function settingsIn(mode: ModeName, { dataplane, kubeProxy }: ModeSettings): ModeSettings {
  const { settings } = modes[mode];
  if (mode === "iptables") return { ...settings, kubeProxy: "Running" };
  return { ...settings, kubeProxy: dataplane === "Iptables" ? "Parked" : kubeProxy };
}

/** What a switch between two modes does to those who use the cluster, a line each. */
export function disturbances(from: ModeName, to: ModeName): string[] {
  if (from === to) return [];
  if (from !== "iptables" && to !== "iptables") return lines("serviceMode");
  return to === "iptables"
    ? lines("kubeProxyStarts", "toIptables", "coreDnsRolled")
    : lines("toBpf", "coreDnsRolled", "kubeProxyStops");
}

function lines(...names: readonly (keyof typeof disruptions)[]): string[] {
  return names.map((name) => {
    const disruption: { title: string; openConnections?: string } = disruptions[name];
    const { title, openConnections } = disruption;
    return openConnections === undefined ? title : `${title}; open connections ${openConnections}`;
  });
}

/** Seconds that a switch takes, as an estimate: an `up`, Felix's new start, and for iptables calico-node node by node. */
export function switchSeconds(from: ModeName, to: ModeName, nodes: number): number {
  if (from === to) return 0;
  const up = 60;
  const isDataplane = from === "iptables" || to === "iptables";
  return (
    up + (isDataplane ? 120 + nodes * disruptions.toBpf.frozenSeconds : disruptions.serviceMode.frozenSeconds)
  );
}
