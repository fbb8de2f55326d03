import type { Row } from "../honesty/comparison.ts";
import { type FigureName, figures } from "../plan/figures.ts";
import { modes } from "../plan/modes.ts";
import type { MeasureData } from "./measureData.ts";

/** A chart as a Vega-Lite specification, and the word that its file names end with. */
export interface Chart {
  readonly name: string;
  readonly title: string;
  readonly specification: Readonly<Record<string, unknown>>;
}

/** A bar or a point: the middle of the runs, with the least and the most of them. */
interface Point {
  readonly group: string;
  readonly figure: string;
  readonly mode: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Told apart by eyes of all kinds: from the palette of Okabe and Ito. */
const colours = ["#0072b2", "#e69f00", "#009e73"] as const;

const font = "DejaVu Sans";
const labelWidth = 700;
const columnWidth = 220;
const barHeight = 14;
const lineChartSize = { width: 400, height: 240 } as const;

interface Wanted {
  readonly name: string;
  readonly title: string;
  readonly kinds: readonly string[];
  readonly figures: readonly FigureName[];
}

const wanted: readonly Wanted[] = [
  { name: "throughput", title: "Throughput", kinds: ["throughput"], figures: ["throughput"] },
  {
    name: "processor",
    title: "Processor time per Gbit, of both nodes",
    kinds: ["throughput"],
    figures: ["clientProcessor", "serverProcessor"],
  },
  {
    name: "latency",
    title: "Latency of requests",
    kinds: ["requests", "connections"],
    figures: ["p50", "p90", "p99"],
  },
  {
    name: "connections",
    title: "New connections",
    kinds: ["connections"],
    figures: ["connectionsPerSecond"],
  },
];

/** The charts that the rows have figures for. */
export function chartsOf(data: MeasureData, rows: readonly Row[]): Chart[] {
  const kinds = new Map(data.measured.map(({ id, kind }) => [id, kind]));
  const domain = data.modes.map((mode) => modes[mode].title);
  const bars = wanted.flatMap(({ name, title, kinds: of, figures: names }): Chart[] => {
    const points = rows
      .filter(
        ({ measurement, figure }) => of.includes(kinds.get(measurement) ?? "") && names.includes(figure),
      )
      .map(point);
    return points.length === 0
      ? []
      : [{ name, title, specification: barChart(points, { title, domain, unit: unitOf(names) }) }];
  });
  return [...bars, ...firstPacketChart(data, rows, domain)];
}

function unitOf([first]: readonly FigureName[]): string {
  return first === undefined ? "" : figures[first].unit;
}

function point({ title, figure, mode, sample }: Row): Point {
  return {
    group: title,
    figure: figures[figure].title,
    mode: modes[mode].title,
    median: sample.median,
    least: sample.least,
    most: sample.most,
  };
}

interface Drawn {
  readonly title: string;
  readonly domain: readonly string[];
  readonly unit: string;
}

/** Bars lie, so that the long names of measurements can be read; each figure has a column and a scale of its own. */
function barChart(points: readonly Point[], { title, domain, unit }: Drawn): Chart["specification"] {
  const y = { field: "group", title: null, sort: null, axis: { labelLimit: labelWidth } };
  const colour = { field: "mode", title: null, sort: null, scale: { domain, range: colours } };
  const x = { type: "quantitative", title: unit, axis: { tickCount: 5 } };
  const columns = new Set(points.map(({ figure }) => figure)).size;
  return {
    ...common(title),
    data: { values: points },
    facet: { column: { field: "figure", title: null, sort: null } },
    resolve: { scale: { x: "independent" } },
    spec: {
      width: columns > 1 ? columnWidth : 2 * columnWidth,
      height: { step: barHeight },
      encoding: { y, yOffset: { field: "mode", sort: null, scale: { domain } } },
      layer: [
        {
          mark: { type: "bar" },
          encoding: { x: { field: "median", ...x }, color: colour },
        },
        {
          mark: { type: "rule", strokeWidth: 1.5 },
          encoding: { x: { field: "least", ...x }, x2: { field: "most" } },
        },
      ],
    },
  };
}

function firstPacketChart(data: MeasureData, rows: readonly Row[], domain: readonly string[]): Chart[] {
  const points = rows
    .filter(({ figure }) => figure === "firstPacketP50")
    .map((row) => ({ ...point(row), services: Number(row.measurement.split("/")[1]) }));
  const title = "First packet to a ClusterIP, p50";
  if (new Set(points.map(({ services }) => services)).size < 2) return [];
  return [
    {
      name: "first-packet",
      title,
      specification: {
        ...common(title),
        data: { values: points },
        ...lineChartSize,
        encoding: {
          x: {
            field: "services",
            type: "quantitative",
            title: `services in the cluster, beside the ${data.cluster.services} that were there`,
            scale: { type: "log" },
            axis: { values: [...new Set(points.map(({ services }) => services))] },
          },
          color: { field: "mode", title: null, sort: null, scale: { domain, range: colours } },
        },
        layer: [
          {
            mark: { type: "line", point: true },
            encoding: {
              y: {
                field: "median",
                type: "quantitative",
                title: figures.firstPacketP50.unit,
                scale: { zero: true },
              },
            },
          },
          {
            mark: { type: "rule" },
            encoding: { y: { field: "least", type: "quantitative" }, y2: { field: "most" } },
          },
        ],
      },
    },
  ];
}

function common(text: string) {
  const note = "bars and points: median of the runs; lines: least and most";
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    padding: 12,
    title: { text, subtitle: note, anchor: "start" },
    config: { font, axis: { labelFontSize: 11 }, legend: { orient: "top" } },
  };
}
