import { cell } from "../shared/escape.ts";
import { fewestPairs, growthOf, type MeasureData, type Row, rowsOf, type Spread } from "./comparison.ts";
import { figures } from "./measurements.ts";
import { titleOf } from "./modes.ts";

/** A quantity with three significant digits: `25.1`, `0.0611`, `50,200`. */
export function quantity(value: number): string {
  return value.toLocaleString("en", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
}

/** The report as Markdown, for a terminal as well as for GitHub. */
export function report(data: MeasureData): string {
  const { cluster, modes: all, leftOut, startedAt, seconds } = data;
  const rows = rowsOf(data);
  const titles = all.map(titleOf);
  const nodes = cluster.nodes.map(({ part, name, kernel }) => `${part} ${name} (kernel ${kernel})`);
  return [
    `# ${cluster.name}: ${titles.join(" against ")}`,
    ...section("Read first", list(warnings(data))),
    ...section("Figures", rows.length === 0 ? [] : [...table(data, rows), "", legend(data)]),
    ...section("Growth with the number of services", list(growthLines(data))),
    ...section("Source addresses", list(addressLines(data))),
    ...section("Cluster", [
      `Kubernetes ${cluster.kubernetesVersion}, Calico ${cluster.calicoVersion}, ${podNetwork(cluster)}, MTU of pods ${cluster.mtuBytes}; client outside: ${cluster.outside ?? "none"}.`,
      "",
      ...list(nodes),
      "",
      `Started ${startedAt}, took ${Math.round(seconds / 60)} minutes.`,
    ]),
    ...section("Not measured", list(leftOut.map(({ title, why }) => `${title}: ${why}`))),
    "",
  ].join("\n");
}

function podNetwork({ encapsulation, vpcCni }: MeasureData["cluster"]): string {
  return vpcCni ? "pods on the AWS VPC CNI without encapsulation" : `encapsulation ${encapsulation}`;
}

/** What a reader of the figures has to know before believing them, a sentence each. */
function warnings({ cluster, modes: all }: MeasureData): string[] {
  const hidesDsr = all.includes("dsr") && cluster.outside === undefined;
  return [
    cluster.isOneMachine
      ? "All nodes are one machine, as in a rehearsal: processor time is that of all nodes together, throughput and times are the machine's, and packets of up to 64 kB pass whole between network namespaces. Ratios of bytes are right."
      : "EC2 allows one flow 5 Gbit/s, or 10 in a cluster placement group. A throughput near such a limit shows the limit of the network; compare the processor time instead.",
    ...(hidesDsr ? ["DSR shows only to a client outside the cluster, and --client names none."] : []),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `## ${title}`, "", ...lines];
}

function list(lines: readonly string[]): string[] {
  return lines.map((line) => `- ${cell(line)}`);
}

function table({ modes: all }: MeasureData, rows: readonly Row[]): string[] {
  const [first = "", ...others] = all.map(titleOf);
  const head = ["measurement", "figure", first, ...others, ...others.map((title) => `${title} to ${first}`)];
  const body = [...Map.groupBy(rows, ({ title, figure }) => `${title} ${figure}`).values()].map((mine) => {
    const cells = all.map((mode) => mine.find((row) => row.mode === mode));
    const { title = "", figure = "throughput" } = mine[0] ?? {};
    const ratios = cells.slice(1).map((row) => row?.ratio);
    return [
      ...[title, figures[figure].title, ...cells.map(spreadText)],
      ...ratios.map((ratio) => (ratio === undefined ? "" : `${spreadText(ratio)}, ${ratio.verdict}`)),
    ];
  });
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...body.map(line)];
}

function spreadText(spread: Spread | undefined): string {
  if (spread === undefined) return "";
  return `${quantity(spread.median)} (${quantity(spread.low)} to ${quantity(spread.high)})`;
}

function legend({ modes: all }: MeasureData): string {
  const medians = "Medians, with the lowest and the highest run.";
  if (all.length < 2) return medians;
  return `${medians} Ratios are of runs in pairs, in the order of time. A difference is called better or worse where at least ${fewestPairs} pairs all show it; by chance alone that happens in 3 of 100 lines.`;
}

/** A line for each mode and figure. */
function growthLines(data: MeasureData): string[] {
  const count = (services = 0) => services.toLocaleString("en");
  return growthOf(data).map(
    ({ mode, figure, from, to, ...spread }) =>
      `${titleOf(mode)}, ${figures[figure].title}: with ${count(to)} services ${spreadText(spread)} times as much as with ${count(from)}`,
  );
}

const meanings = {
  client: "the client's own address",
  node: "a node's address instead of the client's",
  another: "an address that is neither the client's nor a node's",
} as const;

/** The client as the server saw it, a line for each measurement and mode. */
function addressLines({ runs, measured, modes: all }: MeasureData): string[] {
  return measured.flatMap(({ id, title }) =>
    all.flatMap((mode) => {
      const mine = runs.filter((run) => run.measurement === id && run.mode === mode);
      const words = mine.flatMap(({ seen }) => (seen ? `${meanings[seen.whose]}, ${seen.address}` : []));
      return words.length === 0 ? [] : [`${title}, ${titleOf(mode)}: ${[...new Set(words)].join("; ")}`];
    }),
  );
}
