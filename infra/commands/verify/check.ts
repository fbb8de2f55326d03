import type { Ec2 } from "../../ec2.ts";
import type { Cluster } from "../../kubernetes/cluster.ts";
import type { Target } from "./target.ts";

/** The possible results of a check. */
export type Verdict = "passed" | "failed" | "unknown";

/** One finding. */
export interface Finding {
  /** Name of the node, where it is about one. */
  readonly node?: string;
  readonly verdict: Verdict;
  /** What was observed: not a sentence, no full stop. */
  readonly evidence: string;
}

/** What a check does besides reading objects; for a missing permission, the checks that need it are listed. */
export type Need = "read" | "exec" | "logs" | "workloads" | "node-proxy" | "aws";

/** One statement about a running cluster, and how it is checked. */
export interface Check {
  /** In kebab-case; also its heading in docs/troubleshooting.md, and its name for `--only`. */
  readonly name: string;
  /** A sentence without full stop: what is true when it passes. */
  readonly title: string;
  /** Source of the fact: a page, or a table of components/facts. */
  readonly source: string;
  /** What a failure means for the cluster, as a sentence. */
  readonly meaning: string;
  /** What to do, as a sentence. */
  readonly cure: string;
  readonly needs: readonly Need[];
  /** `true`, or why the check does not apply to this cluster. Default: it applies to every cluster. */
  appliesTo?(live: Live): Promise<string | true> | string | true;
  /** Runs the check. No finding at all counts as unknown: there was nothing to check. */
  run(live: Live): Promise<readonly Finding[]>;
}

/** Result of a check. */
export interface Outcome {
  readonly name: string;
  readonly title: string;
  readonly verdict: Verdict | "not applicable";
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

/** What every check reads. */
export interface Live {
  readonly cluster: Cluster;
  readonly target: Target;
  /** EC2 in the region of the nodes. */
  readonly ec2: Ec2;
  /** Aborted when the run must end. */
  readonly signal: AbortSignal;
  /** Mirror with the images' original paths; undefined: the original registries. */
  readonly imageRegistry: string | undefined;
}

/** Shares a read between all checks of a run: the first check that needs it makes it. */
export function oncePerRun<T>(make: (live: Live) => Promise<T>): (live: Live) => Promise<T> {
  const made = new WeakMap<Live, Promise<T>>();
  return (live) => {
    const known = made.get(live);
    if (known !== undefined) return known;
    const fresh = make(live);
    made.set(live, fresh);
    return fresh;
  };
}
