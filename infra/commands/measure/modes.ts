/** Settings of a stack that a mode changes. */
export interface ModeSettings {
  readonly dataplane: "BPF" | "Iptables";
  readonly externalService: "DSR" | "Tunnel";
  readonly kubeProxy: "Absent" | "Parked" | "Running";
}

/** Every mode that can be measured, by its word on the command line. */
export const modes = {
  tunnel: { title: "eBPF, Tunnel", settings: { dataplane: "BPF", externalService: "Tunnel" } },
  dsr: { title: "eBPF, DSR", settings: { dataplane: "BPF", externalService: "DSR" } },
  iptables: { title: "iptables", settings: { dataplane: "Iptables", externalService: "Tunnel" } },
} as const;

export type ModeName = keyof typeof modes;

/** A mode that is switched to, or the one that the cluster is in. */
export type Measured = ModeName | "present";

/** What a mode is called. */
export const titleOf = (mode: Measured): string => (mode === "present" ? "as it is" : modes[mode].title);

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

/** Runs `up` of a stack, which ends when its gates have opened; undefined: with the settings of the stack file. */
export type Up = (settings: ModeSettings | undefined) => Promise<void>;

/** Brings a stack from mode to mode, and back to what it was. */
export class ModeSwitch {
  /** The mode before and after everything. */
  readonly home: ModeName;
  readonly #settings: ModeSettings;
  readonly #up: Up;
  /** Undefined: a switch has begun, and has not ended well. */
  #current: ModeName | undefined;

  /** @param settings as the stack file says, and as the cluster is */
  constructor(settings: ModeSettings, up: Up) {
    this.home = modeOf(settings);
    this.#settings = settings;
    this.#up = up;
    this.#current = this.home;
  }

  /** Whether something has to be put back. */
  get isAway(): boolean {
    return this.#current !== this.home;
  }

  async switchTo(mode: ModeName): Promise<void> {
    if (mode === this.#current) return;
    this.#current = undefined;
    await this.#up(mode === this.home ? undefined : settingsIn(mode, this.#settings));
    this.#current = mode;
  }
}
