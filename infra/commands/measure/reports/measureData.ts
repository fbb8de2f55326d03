import type { FigureName, Values } from "../plan/figures.ts";
import type { Kind, LeftOut } from "../plan/measurements.ts";
import type { ModeName } from "../plan/modes.ts";

/** Format of the file; a reader refuses another. */
export const dataVersion = 1;

/** What is known of a node that took part. */
export interface NodeFacts {
  readonly name: string;
  /** What it did: `client`, `server`, `NodePort`. */
  readonly part: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly architecture: string;
  readonly kernel: string;
  readonly kubelet: string;
}

/** What EC2 says of an instance type. */
export interface InstanceBandwidth {
  readonly instanceType: string;
  /** Gbit/s that it has at all times; undefined: EC2 was not asked. */
  readonly baselineGigabits: number | undefined;
  /** Gbit/s that it has for some time. */
  readonly peakGigabits: number | undefined;
  readonly burstableProcessor: boolean;
}

/** The cluster as it was measured. */
export interface ClusterFacts {
  readonly name: string;
  readonly kubernetesVersion: string;
  readonly calicoVersion: string;
  /** Of the pods' interfaces, in bytes. */
  readonly mtuBytes: number;
  readonly encapsulation: string;
  /** Services that were there before. */
  readonly services: number;
  readonly nodes: readonly NodeFacts[];
  readonly instances: readonly InstanceBandwidth[];
  /** The client outside; undefined: none. */
  readonly outside: string | undefined;
}

/** One run of one measurement. */
export interface Run {
  readonly mode: ModeName;
  /** Counted from 0 in the order of time: the same mode may be measured twice. */
  readonly block: number;
  readonly measurement: string;
  readonly at: string;
  readonly values: Values;
  /** Whom the server saw, of those that ask for it. */
  readonly seen?: SeenAddress;
}

/** Whom the server saw. */
export interface SeenAddress {
  readonly address: string;
  readonly whose: "client" | "node" | "another";
}

/** Everything that a run of measurements found: what `--json` writes and `--compare` reads. */
export interface MeasureData {
  readonly version: typeof dataVersion;
  readonly startedAt: string;
  readonly cluster: ClusterFacts;
  /** In the order asked for; ratios are against the first. */
  readonly modes: readonly ModeName[];
  readonly measured: readonly MeasuredTitle[];
  readonly leftOut: readonly LeftOut[];
  readonly runs: readonly Run[];
  /** What our own part cost. */
  readonly own: OwnCost;
}

export interface MeasuredTitle {
  readonly id: string;
  readonly title: string;
  readonly kind: Kind;
}

export interface OwnCost {
  readonly wallSeconds: number;
  /** Of it, that in which neither a tool, nor the cluster, nor the engine was waited for. */
  readonly ownSeconds: number;
  readonly memoryMebibytes: number;
}

/** Values of a figure of a measurement in a mode, in the order of time. */
export function valuesOf(
  runs: readonly Run[],
  { measurement, mode, figure }: { measurement: string; mode: ModeName; figure: FigureName },
): number[] {
  return runs
    .filter((run) => run.measurement === measurement && run.mode === mode)
    .flatMap(({ values }) => values[figure] ?? []);
}
