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
export interface SeenAddress {
  readonly address: string;
  readonly whose: "client" | "node" | "another";
}

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

/** How many times as large one quantity is as another. */
export interface Ratio {
  /** Median, lowest and highest of the ratios of pairs of runs. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: "better" | "worse" | "no difference shown" | "too few runs";
}

/** One figure of one measurement in one mode. */
export interface Row {
  readonly title: string;
  readonly figure: FigureName;
  readonly mode: Measured;
  readonly median: number;
  readonly low: number;
  readonly high: number;
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
  const [low, high] = [Math.min(...pairs), Math.max(...pairs)];
  const common = { ratio: median(pairs), low, high };
  if (pairs.length < fewestPairs) return { ...common, verdict: "too few runs" };
  if (low <= 1 && high >= 1) return { ...common, verdict: "no difference shown" };
  return { ...common, verdict: low > 1 === (better === "higher") ? "better" : "worse" };
}

/** Every figure in every mode, with its ratio against the first mode. */
export function rowsOf({ measured, modes, runs }: MeasureData): Row[] {
  const names = Object.keys(figures) as FigureName[];
  const [first] = modes;
  return measured.flatMap(({ id, title }) =>
    names.flatMap((figure) => {
      const mine = runs.filter(({ measurement }) => measurement === id);
      const valuesIn = (mode: Measured) =>
        mine.flatMap((run) => (run.mode === mode ? (run.values[figure] ?? []) : []));
      const reference = first === undefined ? [] : valuesIn(first);
      return modes.flatMap((mode): Row[] => {
        const values = valuesIn(mode);
        if (values.length === 0) return [];
        const spread = { median: median(values), low: Math.min(...values), high: Math.max(...values) };
        const row = { title, figure, mode, ...spread };
        if (mode === first || reference.length === 0) return [row];
        return [{ ...row, ratio: ratioOf(values, reference, figures[figure].better) }];
      });
    }),
  );
}
