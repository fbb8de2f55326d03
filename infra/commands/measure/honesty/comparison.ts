import { type FigureName, figures } from "../plan/figures.ts";
import type { ModeName } from "../plan/modes.ts";
import { type MeasureData, type Run, valuesOf } from "../reports/measureData.ts";
import { confidenceOfEach, fewestRuns, type Ratio, ratioOf } from "../statistics/ratio.ts";
import { type Sample, sampleOf } from "../statistics/sample.ts";

/** Share of reports in which no interval of a table misses the truth. */
export const confidence = 0.95;

/** Why a difference is not called one. */
export type Refusal =
  | "spread larger than the difference"
  | "drift larger than the difference"
  | "too few runs"
  | "at a limit of the network";

/** What can be said of one figure in one mode, against the first. */
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
 * @param atLimit whether a measurement was limited by something else than the mode
 */
export function rowsOf(data: MeasureData, atLimit: (measurement: string) => boolean): Row[] {
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
      const verdict = verdictOf(figure, ratio, drift, figure === "throughput" && atLimit(id));
      return [
        { ...common, mode, sample: sampleOf(values), verdict, ...(ratio === undefined ? {} : { ratio }) },
      ];
    });
    return [{ ...common, mode: first, sample: sampleOf(reference) }, ...compared];
  });
}

/** How far the first mode was from itself between its first and its last turn: the larger by the smaller, 1 or more. */
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

function verdictOf(figure: FigureName, ratio: Ratio | undefined, drift: number, limited: boolean): Verdict {
  const none = (why: Refusal): Verdict => ({ kind: "no difference shown", why });
  if (ratio === undefined) return none("too few runs");
  if (ratio.low <= 1 && ratio.high >= 1) {
    return none(limited ? "at a limit of the network" : "spread larger than the difference");
  }
  if (Math.max(ratio.ratio, 1 / ratio.ratio) <= drift) return none("drift larger than the difference");
  const isHigher = ratio.ratio > 1;
  return { kind: isHigher === (figures[figure].better === "higher") ? "better" : "worse" };
}

/** Runs of each mode below which nothing is compared. */
export const fewestRepeats = fewestRuns;
