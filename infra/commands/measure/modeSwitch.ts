import { UserError } from "../shared/errors.ts";
import type { Live } from "../verify/check.ts";
import { felixConfigurations, installation } from "../verify/reading/calico.ts";
import { type ModeName, type ModeSettings, modeOf, settingsIn } from "./schedule.ts";

/** A stack whose mode can be changed by its own program. */
export interface StackRunner {
  /** What is not deployed of the stack as its file says; undefined: all is. */
  pending(): Promise<string | undefined>;
  /**
   * Runs `up`, which ends when its gates have opened.
   * @param settings in place of those of the stack file; undefined: as that says
   */
  up(settings: ModeSettings | undefined): Promise<void>;
}

/** Brings a stack from mode to mode, and back to what it was. */
export class ModeSwitch {
  readonly #home: ModeSettings;
  readonly #stack: StackRunner;
  /** Undefined: a switch has begun, and has not ended well. */
  #current: ModeName | undefined;

  /** @param home as the stack file says, and as the cluster is */
  constructor(home: ModeSettings, stack: StackRunner) {
    this.#home = home;
    this.#stack = stack;
    this.#current = modeOf(home);
  }

  /** The mode before and after everything. */
  get home(): ModeName {
    return modeOf(this.#home);
  }

  /** Whether something has to be put back. */
  get isAway(): boolean {
    return this.#current !== this.home;
  }

  async switchTo(mode: ModeName): Promise<void> {
    if (mode === this.#current) return;
    this.#current = undefined;
    await this.#stack.up(mode === this.home ? undefined : settingsIn(mode, this.#home));
    this.#current = mode;
  }

  /** Puts back what was there; does nothing when it is there. */
  async restore(): Promise<void> {
    if (this.isAway) await this.switchTo(this.home);
  }
}

/**
 * The mode that a cluster is in, by its own objects.
 * @throws UserError when Calico does not say
 */
export async function presentMode(live: Live): Promise<ModeName> {
  const [calico, felix] = await Promise.all([installation(live), felixConfigurations(live)]);
  const spec = felix?.find(({ metadata }) => metadata.name === "default")?.spec ?? {};
  const network = calico?.spec?.["calicoNetwork"] as { linuxDataplane?: string } | undefined;
  const isBpf = network === undefined ? spec["bpfEnabled"] === true : network.linuxDataplane === "BPF";
  if (felix === undefined && calico === undefined) {
    throw new UserError(`measure: there is no Calico in the cluster of ${live.target.name}.`);
  }
  return modeOf({
    dataplane: isBpf ? "BPF" : "Iptables",
    externalService: spec["bpfExternalServiceMode"] === "DSR" ? "DSR" : "Tunnel",
  });
}
