import type { Row, Verdict } from "../honesty/comparison.ts";
import { figures } from "../plan/figures.ts";
import { type ModeName, modes } from "../plan/modes.ts";
import type { MeasureData } from "./measureData.ts";
import { percent, quantity, ratioText } from "./numbers.ts";

/** One line of the table: a figure of a measurement, in every mode. */
export interface TableLine {
  readonly measurement: string;
  readonly figure: string;
  /** Median and spread, by mode in the order of the report; empty: not measured. */
  readonly medians: readonly string[];
  /** Ratio and verdict of each mode but the first. */
  readonly comparisons: readonly string[];
}

/** The rows of a report as lines of its table. */
export function tableLines(data: MeasureData, rows: readonly Row[]): TableLine[] {
  const keys = [...new Set(rows.map(keyOf))];
  return keys.map((key) => {
    const mine = rows.filter((row) => keyOf(row) === key);
    const [first] = mine;
    const of = (mode: ModeName) => mine.find((row) => row.mode === mode);
    const { title = "", figure } = first ?? {};
    const { title: name, unit } = figure === undefined ? { title: "", unit: "" } : figures[figure];
    return {
      measurement: title,
      figure: `${name}, ${unit}`,
      medians: data.modes.map((mode) => medianText(of(mode))),
      comparisons: data.modes.slice(1).map((mode) => comparisonText(of(mode))),
    };
  });
}

function keyOf({ measurement, figure }: Row): string {
  return `${measurement} ${figure}`;
}

function medianText(row: Row | undefined): string {
  return row === undefined ? "" : `${quantity(row.sample.median)} ± ${percent(row.sample.spread)}`;
}

function comparisonText(row: Row | undefined): string {
  if (row?.verdict === undefined) return "";
  const { ratio, verdict } = row;
  return ratio === undefined ? verdictText(verdict) : `${ratioText(ratio)}, ${verdictText(verdict)}`;
}

function verdictText(verdict: Verdict): string {
  return verdict.kind === "no difference shown" ? `no difference shown: ${verdict.why}` : verdict.kind;
}

/** Whom the server saw, a line for each measurement and mode. */
export function addressLines({ runs, measured, modes: all }: MeasureData): string[] {
  return measured
    .filter(({ kind }) => kind === "source address")
    .flatMap(({ id, title }) =>
      all.flatMap((mode) => {
        const seen = runs.flatMap((run) =>
          run.measurement === id && run.mode === mode && run.seen !== undefined ? [run.seen] : [],
        );
        const words = [...new Set(seen.map(({ whose, address }) => `${meanings[whose]}, ${address}`))];
        return words.length === 0 ? [] : [`${title}, ${modes[mode].title}: ${words.join("; ")}`];
      }),
    );
}

const meanings = {
  client: "the client's own address",
  node: "a node's address in place of the client's",
  another: "an address that is neither the client's nor a node's",
} as const;
