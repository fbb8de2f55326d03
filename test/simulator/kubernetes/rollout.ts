import { milestones } from "../durations.ts";
import type { Activity } from "../world/activity.ts";
import type { Instance } from "../world/instance.ts";

/** What calico-node is rolled out for. */
export interface Revision {
  /** Generation of the Installation. */
  readonly generation: number;
  /** Release that the operator installs: `v3.32.4`. */
  readonly calicoVersion: string;
}

/**
 * calico-node over the nodes. The operator takes a new one for every installation, so that what is left of an old one
 * cannot reach it.
 */
export class Rollout {
  readonly #activity: Activity;
  readonly #known = new Set<string>();
  readonly #started = new Set<string>();
  #rolling = false;
  #revision: Revision | undefined;

  constructor(activity: Activity) {
    this.#activity = activity;
  }

  /** Ids of the instances on which it runs. */
  get started(): ReadonlySet<string> {
    return this.#started;
  }

  /** What every calico-node runs with; undefined before the first. */
  get revision(): Revision | undefined {
    return this.#revision;
  }

  /**
   * Starts it where it is not.
   * @param writesCni whether it gives nodes their CNI configuration; otherwise another plugin makes them Ready
   */
  start(instances: readonly Instance[], writesCni: boolean): void {
    for (const instance of instances) {
      if (this.#known.has(instance.id)) continue;
      this.#known.add(instance.id);
      this.#activity.after(milestones.calicoNodeStart.seconds, () => {
        this.#started.add(instance.id);
        // The CNI configuration comes from an init container: the node is Ready before calico-node is.
        if (writesCni) instance.ready = true;
      });
    }
  }

  /** Brings a revision to all nodes; with the first they start. */
  roll(revision: Revision): void {
    if (this.#rolling || this.has(revision)) return;
    if (this.#revision === undefined) {
      this.#revision = revision;
      return;
    }
    this.#rolling = true;
    this.#activity.after(milestones.calicoNodeStart.seconds, () => {
      this.#rolling = false;
      this.#revision = revision;
    });
  }

  /** Whether every calico-node runs with it. */
  has({ generation, calicoVersion }: Revision): boolean {
    return this.#revision?.generation === generation && this.#revision.calicoVersion === calicoVersion;
  }
}
