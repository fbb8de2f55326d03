import type { Ec2 } from "../../ec2.ts";
import type { Cluster } from "../../kubernetes/cluster.ts";
import type { Target } from "./target.ts";

/** What one look can end with. */
export type Verdict = "passed" | "failed" | "unknown";

/** What was found at one place. */
export interface Finding {
  /** Name of the node, where it is about one. */
  readonly node?: string;
  readonly verdict: Verdict;
  /** What was seen, for people: no sentence, no full stop. */
  readonly evidence: string;
}

/** What a check does beside reading objects; a missing permission names the checks that it costs. */
export type Need = "read" | "exec" | "logs" | "workloads" | "node-proxy" | "aws";

/** One statement about a running cluster, and how it is looked into. */
export interface Check {
  /** In kebab-case; also its heading in docs/troubleshooting.md, and what `--only` takes. */
  readonly name: string;
  /** A sentence without full stop: what holds when it passes. */
  readonly title: string;
  /** Where the fact comes from: a page, or a table of components/facts. */
  readonly source: string;
  /** What a failure means for the cluster, as a sentence. */
  readonly meaning: string;
  /** What to do, as a sentence. */
  readonly cure: string;
  readonly needs: readonly Need[];
  /** `true`, or why the check says nothing about this cluster. Default: it applies to every cluster. */
  appliesTo?(live: Live): Promise<string | true> | string | true;
  /** Looks. No finding at all counts as unknown: there was nothing to look at. */
  run(live: Live): Promise<readonly Finding[]>;
}

/** What a check came to. */
export interface Outcome {
  readonly name: string;
  readonly title: string;
  readonly verdict: Verdict | "not applicable";
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

/** What every check looks at. */
export interface Live {
  readonly cluster: Cluster;
  readonly target: Target;
  /** EC2 in the region of the nodes. */
  readonly ec2: Ec2;
  /** Aborted when the run is to end. */
  readonly signal: AbortSignal;
  /** Mirror that keeps the images' paths; undefined: their own registries. */
  readonly imageRegistry: string | undefined;
}

/** Lets a read be shared by all checks of a run: it is made when the first of them asks. */
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
