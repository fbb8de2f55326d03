import { confidence, type Row } from "../honesty/comparison.ts";
import { modes } from "../plan/modes.ts";
import { addressLines, tableLines } from "./lines.ts";
import type { MeasureData } from "./measureData.ts";
import { percent, timeText } from "./numbers.ts";

/** What stands in a report besides its data. */
export interface ReportParts {
  readonly rows: readonly Row[];
  readonly warnings: readonly string[];
}

/** The report as Markdown that GitHub draws. */
export function markdown(data: MeasureData, { rows, warnings }: ReportParts): string {
  const { cluster, modes: all } = data;
  return [
    `# ${cluster.name}: ${all.map((mode) => modes[mode].title).join(" against ")}`,
    ...section("Read first", list(warnings)),
    ...section("Figures", [...table(data, rows), "", ...legend(data, rows)]),
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
  return [head, head.map(() => "---"), ...body].map((cells) => `| ${cells.map(escaped).join(" | ")} |`);
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
    `Started ${data.startedAt}, took ${timeText(own.wallSeconds)}; our own part was ${percent(own.ownSeconds / Math.max(own.wallSeconds, 1))} of it and took ${Math.ceil(own.memoryMebibytes)} MiB.`,
  ];
}

/** Names come from the cluster. */
function escaped(text: string): string {
  return text.replaceAll(/[\\|<>`*_[\]]/g, (character) => `\\${character}`).replaceAll(/\s+/g, " ");
}
