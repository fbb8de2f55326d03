import { type FigureName, figures } from "../plan/figures.ts";
import type { ModeName } from "../plan/modes.ts";
import { type MeasureData, valuesOf } from "../reports/measureData.ts";
import { confidenceOfEach, type Ratio, ratioOf } from "../statistics/ratio.ts";
import { confidence } from "./comparison.ts";

/** A figure of a measurement in both of two runs. */
export interface Compared {
  readonly title: string;
  readonly figure: FigureName;
  readonly mode: ModeName;
  /** The new one to the old one; undefined: too few runs. */
  readonly ratio: Ratio | undefined;
  /** Worse by more than the threshold, and certainly worse. */
  readonly isRegression: boolean;
}

/** Figures that both have, the new ones against the old ones. */
export function compareRuns(now: MeasureData, before: MeasureData, threshold: number): Compared[] {
  const pairs = now.measured.flatMap(({ id, title }) =>
    now.modes.flatMap((mode) =>
      (Object.keys(figures) as FigureName[])
        .map((figure) => ({
          title,
          figure,
          mode,
          values: valuesOf(now.runs, { measurement: id, mode, figure }),
          reference: valuesOf(before.runs, { measurement: id, mode, figure }),
        }))
        .filter(({ values, reference }) => values.length > 0 && reference.length > 0),
    ),
  );
  const each = confidenceOfEach(confidence, pairs.length);
  return pairs.map(({ title, figure, mode, values, reference }) => {
    const ratio = ratioOf(values, reference, each);
    return { title, figure, mode, ratio, isRegression: isWorse(figure, ratio, threshold) };
  });
}

function isWorse(figure: FigureName, ratio: Ratio | undefined, threshold: number): boolean {
  if (ratio === undefined) return false;
  return figures[figure].better === "higher"
    ? ratio.ratio < 1 - threshold && ratio.high < 1
    : ratio.ratio > 1 + threshold && ratio.low > 1;
}

/** What differs between two runs beside time, so that their figures may differ for that reason; a line each. */
export function differentCircumstances(now: MeasureData, before: MeasureData): string[] {
  const facts: Readonly<Record<string, (data: MeasureData) => string>> = {
    "instance types": ({ cluster }) => cluster.nodes.map(({ instanceType }) => instanceType).join(", "),
    kernels: ({ cluster }) => [...new Set(cluster.nodes.map(({ kernel }) => kernel))].join(", "),
    zones: ({ cluster }) => [...new Set(cluster.nodes.map(({ zone }) => zone))].join(", "),
    Calico: ({ cluster }) => cluster.calicoVersion,
    Kubernetes: ({ cluster }) => cluster.kubernetesVersion,
    "MTU of pods": ({ cluster }) => String(cluster.mtuBytes),
    encapsulation: ({ cluster }) => cluster.encapsulation,
    "client outside": ({ cluster }) => cluster.outside ?? "none",
  };
  return Object.entries(facts).flatMap(([name, of]) =>
    of(now) === of(before) ? [] : [`${name}: ${of(before)} then, ${of(now)} now`],
  );
}
