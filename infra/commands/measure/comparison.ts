import { type FigureName, figures, type Kind, type LeftOut, type Values } from "./measurements.ts";
import type { ModeName } from "./schedule.ts";
import { confidenceOfEach, type Ratio, ratioOf, type Sample, sampleOf } from "./statistics.ts";

/** Format of the file; a reader refuses another. */
export const dataVersion = 1;

/** Facts about a participating node. */
export interface NodeFacts {
  readonly name: string;
  /** Its role: `client`, `server`, `NodePort`. */
  readonly part: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly architecture: string;
  readonly kernel: string;
  readonly kubelet: string;
}

/** The cluster as it was measured. */
export interface ClusterFacts {
  readonly name: string;
  readonly kubernetesVersion: string;
  readonly calicoVersion: string;
  /** Of the pods' interfaces, in bytes. */
  readonly mtuBytes: number;
  readonly encapsulation: string;
  /** Services that existed before. */
  readonly services: number;
  readonly nodes: readonly NodeFacts[];
  /** The client outside; undefined: none. */
  readonly outside: string | undefined;
}

/** One run of one measurement. */
export interface Run {
  readonly mode: ModeName;
  /** Counted from 0 in chronological order: the same mode may be measured twice. */
  readonly block: number;
  readonly measurement: string;
  readonly at: string;
  readonly values: Values;
  /** The client as the server saw it, for measurements that need it. */
  readonly seen?: SeenAddress;
}

/** Whom the server saw. */
export interface SeenAddress {
  readonly address: string;
  readonly whose: "client" | "node" | "another";
}

/** Everything that a run of measurements found: what `--json` writes. */
export interface MeasureData {
  readonly version: typeof dataVersion;
  readonly startedAt: string;
  readonly cluster: ClusterFacts;
  /** In the requested order; ratios are against the first. */
  readonly modes: readonly ModeName[];
  readonly measured: readonly MeasuredTitle[];
  readonly leftOut: readonly LeftOut[];
  readonly runs: readonly Run[];
  /** Overhead of this project. */
  readonly own: OwnCost;
}

interface MeasuredTitle {
  readonly id: string;
  readonly title: string;
  readonly kind: Kind;
}

interface OwnCost {
  readonly wallSeconds: number;
  /** The part of it without waiting for a tool, the cluster or the engine. */
  readonly ownSeconds: number;
  readonly memoryMebibytes: number;
}

/** Values of a figure of a measurement in a mode, in the order of time. */
function valuesOf(
  runs: readonly Run[],
  { measurement, mode, figure }: { measurement: string; mode: ModeName; figure: FigureName },
): number[] {
  return runs
    .filter((run) => run.measurement === measurement && run.mode === mode)
    .flatMap(({ values }) => values[figure] ?? []);
}

/** What EC2 allows on the network, whatever sends. */
const bandwidth = {
  /** Gbit/s of one flow between instances outside of one cluster placement group. */
  oneFlowGigabits: 5,
  /** The same inside of one. */
  oneFlowInPlacementGroupGigabits: 10,
  source: "EC2 user guide, ec2-instance-network-bandwidth: single-flow traffic; read 2026-11-21",
} as const;

/** Families whose processor runs on credits, by the letter their names begin with, as t3.large does. */
const burstableProcessor = {
  pattern: /^t\d/,
  source: "EC2 user guide, burstable-performance-instances: T2, T3, T3a, T4g; read 2026-11-21",
} as const;

/** What a reader must know about the figures, a sentence each. */
export function warnings({ cluster, measured, modes }: MeasureData): string[] {
  const { nodes } = cluster;
  const burstable = distinct(nodes.map(({ instanceType }) => instanceType)).filter((type) =>
    burstableProcessor.pattern.test(type),
  );
  return [
    ...(measured.some(({ kind }) => kind === "throughput")
      ? [
          `EC2 allows one flow ${bandwidth.oneFlowGigabits} Gbit/s, or ${bandwidth.oneFlowInPlacementGroupGigabits} in a cluster placement group, and each instance type its own bandwidth. A throughput near such a limit is the network's: compare the processor time.`,
        ]
      : []),
    ...burstable.map((type) => `${type} has a processor on credits: figures change when they are used up.`),
    ...sameness(
      nodes.map(({ instanceType }) => instanceType),
      "instance types",
    ),
    ...sameness(
      nodes.map(({ kernel }) => kernel),
      "kernels",
    ),
    ...sameness(
      nodes.map(({ zone }) => zone),
      "zones",
    ),
    ...(modes.includes("dsr") && cluster.outside === undefined
      ? [
          "DSR shows only to a client outside the cluster, and --client names none: a node sends straight to the backend.",
        ]
      : []),
  ];
}

function sameness(values: readonly string[], what: string): string[] {
  const different = distinct(values);
  return different.length < 2 ? [] : [`The nodes have different ${what}: ${different.join(", ")}.`];
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/** Share of reports in which no interval of a table misses the truth. */
export const confidence = 0.95;

/** Why a difference is not called one. */
type Refusal = "spread larger than the difference" | "drift larger than the difference" | "too few runs";

/** Verdict on one figure in one mode, against the first. */
export type Verdict =
  | { readonly kind: "better" | "worse" }
  | { readonly kind: "no difference shown"; readonly why: Refusal };

/** One figure of one measurement in one mode. */
export interface Row {
  readonly measurement: string;
  readonly title: string;
  readonly figure: FigureName;
  readonly mode: ModeName;
  readonly sample: Sample;
  /** Against the first mode; undefined: this is it, or there are too few runs. */
  readonly ratio?: Ratio;
  readonly verdict?: Verdict;
}

/**
 * Every figure in every mode, with its ratio against the first mode. A difference is only called one when its interval
 * excludes none, and when it is larger than what the first mode changed by itself between its two turns.
 */
export function rowsOf(data: MeasureData): Row[] {
  const names = Object.keys(figures) as FigureName[];
  const [first, ...others] = data.modes;
  if (first === undefined) return [];
  const pairs = data.measured.flatMap(({ id, title }) =>
    names
      .filter((figure) => valuesOf(data.runs, { measurement: id, mode: first, figure }).length > 0)
      .map((figure) => ({ id, title, figure })),
  );
  const each = confidenceOfEach(confidence, pairs.length * others.length);
  return pairs.flatMap(({ id, title, figure }) => {
    const reference = valuesOf(data.runs, { measurement: id, mode: first, figure });
    const common = { measurement: id, title, figure };
    const drift = driftOf(data.runs, { measurement: id, mode: first, figure });
    const compared = others.flatMap((mode): Row[] => {
      const values = valuesOf(data.runs, { measurement: id, mode, figure });
      if (values.length === 0) return [];
      const ratio = ratioOf(values, reference, each);
      const verdict = verdictOf(figure, ratio, drift);
      return [
        { ...common, mode, sample: sampleOf(values), verdict, ...(ratio === undefined ? {} : { ratio }) },
      ];
    });
    return [{ ...common, mode: first, sample: sampleOf(reference) }, ...compared];
  });
}

/** Change of the first mode between its first and last turn: the larger value divided by the smaller. */
export function driftOf(
  runs: readonly Run[],
  key: { measurement: string; mode: ModeName; figure: FigureName },
): number {
  const mine = runs.filter(({ mode, measurement }) => mode === key.mode && measurement === key.measurement);
  const blocks = [...new Set(mine.map(({ block }) => block))].toSorted((a, b) => a - b);
  const ends = [blocks[0], blocks.at(-1)].map((block) =>
    valuesOf(
      mine.filter((run) => run.block === block),
      key,
    ),
  );
  const [start = [], end = []] = ends;
  if (blocks.length < 2 || start.length === 0 || end.length === 0) return 1;
  const [a, b] = [sampleOf(start).median, sampleOf(end).median];
  return a > 0 && b > 0 ? Math.max(a / b, b / a) : 1;
}

function verdictOf(figure: FigureName, ratio: Ratio | undefined, drift: number): Verdict {
  const none = (why: Refusal): Verdict => ({ kind: "no difference shown", why });
  if (ratio === undefined) return none("too few runs");
  if (ratio.low <= 1 && ratio.high >= 1) return none("spread larger than the difference");
  if (Math.max(ratio.ratio, 1 / ratio.ratio) <= drift) return none("drift larger than the difference");
  const isHigher = ratio.ratio > 1;
  return { kind: isHigher === (figures[figure].better === "higher") ? "better" : "worse" };
}
