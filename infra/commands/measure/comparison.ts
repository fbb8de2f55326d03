import { type FigureName, figures, type LeftOut, type Measurement, type Values } from "./measurements.ts";
import type { Measured } from "./modes.ts";
import { median } from "./tools.ts";

/** The cluster as it was measured. */
export interface ClusterFacts {
  readonly name: string;
  readonly kubernetesVersion: string;
  readonly calicoVersion: string;
  /** Of the pods' interfaces, in bytes. */
  readonly mtuBytes: number;
  /** Of Calico's pool, as the operator writes it; with the AWS VPC CNI `None`. */
  readonly encapsulation: string;
  /** Whether pods are on the AWS VPC CNI. */
  readonly vpcCni?: boolean;
  readonly nodes: readonly { readonly part: string; readonly name: string; readonly kernel: string }[];
  /** All nodes are one machine, as in a rehearsal: its processors cannot be attributed to nodes. */
  readonly isOneMachine: boolean;
  /** Name of the client outside; undefined: none. */
  readonly outside: string | undefined;
}

/** Whom the server saw. */
export type SeenAddress = { readonly address: string; readonly whose: "client" | "node" | "another" };

/** One run of one measurement. */
export interface Run {
  readonly mode: Measured;
  /** Counted from 0 in chronological order: the same mode may be measured twice. */
  readonly block: number;
  readonly measurement: string;
  readonly at: string;
  readonly values: Values;
  readonly seen?: SeenAddress;
}

/** Everything that a run of measurements found: what `--json` writes. */
export interface MeasureData {
  /** Format of the file; a reader refuses another. */
  readonly version: 2;
  readonly startedAt: string;
  readonly seconds: number;
  readonly cluster: ClusterFacts;
  /** In the requested order; ratios are against the first. */
  readonly modes: readonly Measured[];
  readonly measured: readonly Measurement[];
  readonly leftOut: readonly LeftOut[];
  readonly runs: readonly Run[];
}

/** The middle of some runs or ratios, with the lowest and the highest. */
export type Spread = Readonly<Record<"high" | "low" | "median", number>>;

function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/** How many times as large one quantity is as another, of pairs of runs. */
export type Ratio = Spread & {
  readonly verdict: "better" | "worse" | "no difference shown" | "too few runs";
};

/** One figure of one measurement in one mode. */
export interface Row extends Spread {
  readonly title: string;
  readonly figure: FigureName;
  readonly mode: Measured;
  /** Against the first mode; undefined: this is it. */
  readonly ratio?: Ratio;
}

/** Fewer pairs could all be higher, or all lower, by chance: of six that happens in 2 of 64 cases. */
export const fewestPairs = 6;

/** Ratios of runs in pairs, in the order of time. A difference is called one where every pair shows it. */
export function ratioOf(
  values: readonly number[],
  reference: readonly number[],
  better: "higher" | "lower",
): Ratio {
  const pairs = values.slice(0, reference.length).map((value, at) => value / (reference[at] ?? Number.NaN));
  const spread = spreadOf(pairs);
  if (pairs.length < fewestPairs) return { ...spread, verdict: "too few runs" };
  if (spread.low <= 1 && spread.high >= 1) return { ...spread, verdict: "no difference shown" };
  return { ...spread, verdict: spread.low > 1 === (better === "higher") ? "better" : "worse" };
}

/** What runs of a measurement found in a mode, in the order of time. */
function valuesOf({ runs }: MeasureData, id: string, mode: Measured, figure: FigureName): number[] {
  const mine = runs.filter((run) => run.measurement === id && run.mode === mode);
  return mine.flatMap(({ values }) => values[figure] ?? []);
}

const names = Object.keys(figures) as FigureName[];

/** Every figure in every mode, with its ratio against the first mode. */
export function rowsOf(data: MeasureData): Row[] {
  const { measured, modes } = data;
  return measured.flatMap(({ id, title }) =>
    names.flatMap((figure) => {
      const [reference = [], ...all] = modes.map((mode) => valuesOf(data, id, mode, figure));
      return [reference, ...all].flatMap((values, at): Row[] => {
        const mode = modes[at];
        if (values.length === 0 || mode === undefined) return [];
        const row = { title, figure, mode, ...spreadOf(values) };
        if (at === 0 || reference.length === 0) return [row];
        return [{ ...row, ratio: ratioOf(values, reference, figures[figure].better) }];
      });
    }),
  );
}

/** How figures of new connections grow from the fewest services to the most: ratios of runs in pairs, by mode. */
export function growthOf(data: MeasureData) {
  const [fewest, ...more] = data.measured.filter(({ kind }) => kind === "first-packet");
  const most = more.at(-1);
  if (fewest === undefined || most === undefined) return [];
  return data.modes.flatMap((mode) =>
    names.flatMap((figure) => {
      const [few = [], many = []] = [fewest, most].map(({ id }) => valuesOf(data, id, mode, figure));
      const common = { mode, figure, from: fewest.services, to: most.services };
      return few.length === 0 ? [] : [{ ...common, ...ratioOf(many, few, figures[figure].better) }];
    }),
  );
}
