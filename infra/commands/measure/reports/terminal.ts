import { rowsOf } from "../honesty/comparison.ts";
import { limitOf, warnings } from "../honesty/warnings.ts";
import { modes } from "../plan/modes.ts";
import { addressLines, tableLines } from "./lines.ts";
import type { MeasureData } from "./measureData.ts";

/** The report for a terminal. */
export function terminalReport(data: MeasureData): string {
  const rows = rowsOf(data, (measurement) => limitOf(data, measurement) !== undefined);
  const lines = tableLines(data, rows);
  const [first, ...others] = data.modes.map((mode) => modes[mode].title);
  const body = lines.map(({ figure, medians, comparisons }) => [`  ${figure}`, ...medians, ...comparisons]);
  const head = [
    "",
    ...data.modes.map((mode) => modes[mode].title),
    ...others.map((one) => `${one} to ${first}`),
  ];
  const widths = head.map((_, at) => Math.max(...[head, ...body].map((cells) => cells[at]?.length ?? 0)));
  const row = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd();
  const table = lines.flatMap(({ measurement }, at) => [
    ...(lines[at - 1]?.measurement === measurement ? [] : [measurement]),
    row(body[at] ?? []),
  ]);
  return [
    ...(lines.length === 0 ? ["Nothing was measured."] : [row(head), ...table]),
    ...section("Source addresses", addressLines(data)),
    ...section("Read first", warnings(data)),
    ...section(
      "Not measured",
      data.leftOut.map(({ title, why }) => `${title}: ${why}`),
    ),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
}
