import { disruptions } from "../shared/disruptions.ts";
import type { Measurement } from "./measurements.ts";

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

/** Every mode that can be measured, by its name on the command line. */
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
 * A stack's settings in a mode. iptables needs kube-proxy on every node; where it runs only because the stack
 * is without eBPF, eBPF is measured without it.
 */
export function settingsIn(mode: ModeName, { dataplane, kubeProxy }: ModeSettings): ModeSettings {
  const { settings } = modes[mode];
  if (mode === "iptables") return { ...settings, kubeProxy: "Running" };
  return { ...settings, kubeProxy: dataplane === "Iptables" ? "Parked" : kubeProxy };
}

/** Effects of a switch between two modes on users of the cluster, a line each. */
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

/** Seconds that a switch takes, as an estimate: an `up`, Felix's restart, and for iptables calico-node node by node. */
export function switchSeconds(from: ModeName, to: ModeName, nodes: number): number {
  if (from === to) return 0;
  const up = 60;
  const isDataplane = from === "iptables" || to === "iptables";
  return (
    up + (isDataplane ? 120 + nodes * disruptions.toBpf.frozenSeconds : disruptions.serviceMode.frozenSeconds)
  );
}

/** A stretch of runs in one mode. */
export interface Block {
  readonly mode: ModeName;
  /** Runs of each measurement. */
  readonly repeats: number;
}

/** One run of one measurement. */
interface Turn {
  readonly measurement: Measurement;
  /** Services in the cluster; 0: unchanged. */
  readonly services: number;
}

/** How long each run lasts. */
export interface Lengths {
  /** Of a throughput run, in seconds. The kubelet's readings have to fit in. */
  readonly throughputSeconds: number;
  /** Of a run of requests or connections, in seconds. */
  readonly requestSeconds: number;
  /** At the start of a throughput run, not counted, in seconds. */
  readonly warmUpSeconds: number;
  /** Connections of a first-packet run, and how many a second. */
  readonly firstPackets: number;
  readonly firstPacketsPerSecond: number;
}

/**
 * The modes in order and back: tunnel, dsr, tunnel. A cluster that slowly gets faster or slower favours neither
 * then, and the first mode, measured at both ends, shows how much it did.
 */
export function blocks(modes: readonly ModeName[], repeats: number): Block[] {
  const [only] = modes;
  if (modes.length === 1 && only !== undefined) return [{ mode: only, repeats }];
  const there = modes.slice(0, -1);
  const first = Math.ceil(repeats / 2);
  return [
    ...there.map((mode) => ({ mode, repeats: first })),
    ...modes.slice(-1).map((mode) => ({ mode, repeats })),
    ...there.toReversed().map((mode) => ({ mode, repeats: repeats - first })),
  ].filter((block) => block.repeats > 0);
}

/**
 * The runs of a block: round after round, so that what drifts touches all measurements alike, and those that need more
 * services last, so that they are made once.
 */
export function turns(measured: readonly Measurement[], repeats: number): Turn[] {
  const levels = [...new Set(measured.map(servicesOf))].toSorted((a, b) => a - b);
  return levels.flatMap((services) =>
    Array.from({ length: repeats }, () =>
      measured
        .filter((one) => servicesOf(one) === services)
        .map((measurement) => ({ measurement, services })),
    ).flat(),
  );
}

function servicesOf(measurement: Measurement): number {
  return measurement.kind === "first packet" ? measurement.services : 0;
}

/** Seconds that a run takes, its start included. */
function turnSeconds({ measurement }: Turn, lengths: Lengths): number {
  return startSeconds + runSeconds(measurement, lengths);
}

/** To start a tool in a pod and to get its answer. */
const startSeconds = 1;

/** Services that an API server creates or removes per second. */
const servicesPerSecond = 50;

function runSeconds({ kind }: Measurement, lengths: Lengths): number {
  switch (kind) {
    case "throughput":
      return lengths.throughputSeconds + lengths.warmUpSeconds;
    case "first packet":
      return Math.ceil(lengths.firstPackets / lengths.firstPacketsPerSecond);
    case "source address":
      return 0;
    default:
      return lengths.requestSeconds;
  }
}

interface Estimated {
  readonly blocks: readonly Block[];
  readonly measured: readonly Measurement[];
  readonly lengths: Lengths;
  readonly nodes: number;
  /** Mode before the first block and after the last. */
  readonly home: ModeName;
}

/** Total seconds, and those of switching modes. */
export function estimate({ blocks: all, measured, lengths, nodes, home }: Estimated): {
  seconds: number;
  switchingSeconds: number;
} {
  const path = [home, ...all.map(({ mode }) => mode), home];
  const switchingSeconds = path
    .slice(1)
    .reduce((sum, mode, index) => sum + switchSeconds(path[index] ?? mode, mode, nodes), 0);
  const runs = all
    .flatMap(({ repeats }) => turns(measured, repeats))
    .reduce((sum, turn) => sum + turnSeconds(turn, lengths), 0);
  const most = Math.max(0, ...measured.map(servicesOf));
  const making = (2 * most * all.length) / servicesPerSecond;
  return { seconds: Math.ceil(switchingSeconds + runs + making), switchingSeconds };
}
