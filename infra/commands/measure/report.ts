import { UserError } from "../shared/errors.ts";
import { refuseUnwritableFile, writeWhole } from "../shared/outputFile.ts";
import { confidence, type MeasureData, type Row, rowsOf, type Verdict, warnings } from "./comparison.ts";
import { figures } from "./measurements.ts";
import { type ModeName, modes } from "./schedule.ts";

/** A quantity with three significant digits: `25.1`, `0.0611`, `50,200`. */
export function quantity(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const rounded = Number(value.toPrecision(3));
  return rounded.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A share in percent: `4 %`, `0.3 %`. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value < 1 && value > 0 ? value.toFixed(1) : value.toFixed(0)} %`;
}

/** A ratio with its interval: `1.10 (1.05 to 1.15)`. */
function ratioText({ ratio, low, high }: { ratio: number; low: number; high: number }): string {
  return `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** Time for people: `45 s`, `12 min`, `2 h 05 min`. */
export function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** One line of the table: a figure of a measurement, in every mode. */
interface TableLine {
  readonly measurement: string;
  readonly figure: string;
  /** Median and spread, by mode in the order of the report; empty: not measured. */
  readonly medians: readonly string[];
  /** Ratio and verdict of each mode but the first. */
  readonly comparisons: readonly string[];
}

/** The rows of a report as lines of its table. */
function tableLines(data: MeasureData, rows: readonly Row[]): TableLine[] {
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

/** The client as the server saw it, a line for each measurement and mode. */
function addressLines({ runs, measured, modes: all }: MeasureData): string[] {
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
  node: "a node's address instead of the client's",
  another: "an address that is neither the client's nor a node's",
} as const;

/** The report as Markdown, for a terminal as well as for GitHub. */
export function report(data: MeasureData): string {
  const rows = rowsOf(data);
  const { cluster, modes: all } = data;
  return [
    `# ${cluster.name}: ${all.map((mode) => modes[mode].title).join(" against ")}`,
    ...section("Read first", list(warnings(data))),
    ...section("Figures", rows.length === 0 ? [] : [...table(data, rows), "", ...legend(data, rows)]),
    ...section("Source addresses", list(addressLines(data))),
    ...section("Cluster", facts(data)),
    ...section("Not measured", list(data.leftOut.map(({ title, why }) => `${title}: ${why}`))),
    "",
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `## ${title}`, "", ...lines];
}

function list(lines: readonly string[]): string[] {
  return lines.map((line) => `- ${escaped(line)}`);
}

function table(data: MeasureData, rows: readonly Row[]): string[] {
  const titles = data.modes.map((mode) => modes[mode].title);
  const [first = "", ...others] = titles;
  const head = ["measurement", "figure", ...titles, ...others.map((title) => `${title} to ${first}`)];
  const body = tableLines(data, rows).map(({ measurement, figure, medians, comparisons }) => [
    measurement,
    figure,
    ...medians,
    ...comparisons,
  ]);
  const escapedRows = [head, ...body].map((cells) => cells.map(escaped));
  const widths = head.map((_, at) => Math.max(3, ...escapedRows.map((cells) => cells[at]?.length ?? 0)));
  const [top = "", ...rest] = escapedRows.map(
    (cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`,
  );
  return [top, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rest];
}

function legend({ modes: all }: MeasureData, rows: readonly Row[]): string[] {
  const counts = [...new Set(rows.map(({ sample }) => sample.count))].toSorted((a, b) => a - b);
  const medians = `Medians of ${counts.join(" or ")} runs, ± the standard deviation.`;
  if (all.length < 2) return [medians];
  return [
    `${medians} Ratios are of geometric means, with intervals that all hold together in ${percent(confidence)} of such reports (Welch's t-test on logarithms, Bonferroni).`,
    "A difference is called one only where the interval excludes 1 and the first mode did not change as much by itself.",
  ];
}

function facts(data: MeasureData): string[] {
  const { cluster, own } = data;
  const nodes = cluster.nodes.map((node) =>
    [node.name, node.part, node.instanceType, node.zone, node.architecture, node.kernel, node.kubelet]
      .map(escaped)
      .join(" | "),
  );
  return [
    `Kubernetes ${cluster.kubernetesVersion}, Calico ${cluster.calicoVersion}, encapsulation ${cluster.encapsulation}, MTU of pods ${cluster.mtuBytes}; client outside: ${cluster.outside ?? "none"}.`,
    "",
    "| node | part | instance type | zone | architecture | kernel | kubelet |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...nodes.map((node) => `| ${node} |`),
    "",
    `Started ${data.startedAt}, took ${timeText(own.wallSeconds)}; the overhead of this command was ${percent(own.ownSeconds / Math.max(own.wallSeconds, 1))} of it and took ${Math.ceil(own.memoryMebibytes)} MiB.`,
  ];
}

/** Names come from the cluster. */
function escaped(text: string): string {
  return text.replaceAll(/[\\|<>`*_[\]]/g, (character) => `\\${character}`).replaceAll(/\s+/g, " ");
}

/** Files for the reports; undefined: none. */
interface OutputFiles {
  readonly report: string | undefined;
  readonly json: string | undefined;
}

/**
 * Makes sure that the files can be written before the measurements start.
 * @throws UserError of one line
 */
export function refuseUnwritable({ report, json }: OutputFiles): void {
  for (const [option, file] of Object.entries({ report, json })) {
    if (file !== undefined) refuseUnwritableFile(option, file);
  }
  if (report !== undefined && report === json) {
    throw new UserError(`--report, --json: both name ${report}. Name two files.`);
  }
}

/** Writes the data and the report. @returns the files written */
export function writeFiles({ report: file, json }: OutputFiles, data: MeasureData): string[] {
  if (json !== undefined) writeWhole("json", json, `${JSON.stringify(data, undefined, 2)}\n`);
  if (file !== undefined) writeWhole("report", file, report(data));
  return [json, file].filter((one) => one !== undefined);
}
