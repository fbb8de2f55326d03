import { milestones } from "../../../components/facts/durations.ts";
import type { Activity } from "../world/activity.ts";
import type { Instance } from "../world/instance.ts";

/**
 * calico-node over the nodes. The operator takes a new one for every installation, so that what is left of an old one
 * cannot reach it.
 */
export class Rollout {
  readonly #activity: Activity;
  readonly #known = new Set<string>();
  readonly #started = new Set<string>();
  #rolling = false;
  #generation: number | undefined;

  constructor(activity: Activity) {
    this.#activity = activity;
  }

  /** Ids of the instances on which it runs. */
  get started(): ReadonlySet<string> {
    return this.#started;
  }

  /** Generation of the Installation that every calico-node runs with; undefined before the first. */
  get generation(): number | undefined {
    return this.#generation;
  }

  /** Starts it where it is not. */
  start(instances: readonly Instance[]): void {
    for (const instance of instances) {
      if (this.#known.has(instance.id)) continue;
      this.#known.add(instance.id);
      this.#activity.after(milestones.calicoNodeStart.seconds, () => {
        this.#started.add(instance.id);
        // The CNI configuration comes from an init container: the node is Ready before calico-node is.
        instance.ready = true;
      });
    }
  }

  /** Brings a generation to all nodes; with the first they start. */
  roll(generation: number | undefined): void {
    if (this.#rolling || this.#generation === generation) return;
    if (this.#generation === undefined) {
      this.#generation = generation;
      return;
    }
    this.#rolling = true;
    this.#activity.after(milestones.calicoNodeStart.seconds, () => {
      this.#rolling = false;
      this.#generation = generation;
    });
  }
}
