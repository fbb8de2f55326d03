/** One quantity that a measurement tells. */
interface Figure {
  readonly title: string;
  /** As it stands in tables; empty: a text, not a number. */
  readonly unit: string;
  readonly better: "higher" | "lower";
}

/** Every quantity that is measured, in the order of the report. */
export const figures = {
  throughput: { title: "throughput", unit: "Gbit/s", better: "higher" },
  clientProcessor: { title: "processor time of the client's node", unit: "s/Gbit", better: "lower" },
  serverProcessor: { title: "processor time of the server's node", unit: "s/Gbit", better: "lower" },
  requestsPerSecond: { title: "requests", unit: "1/s", better: "higher" },
  connectionsPerSecond: { title: "new connections", unit: "1/s", better: "higher" },
  p50: { title: "latency p50", unit: "ms", better: "lower" },
  p90: { title: "latency p90", unit: "ms", better: "lower" },
  p99: { title: "latency p99", unit: "ms", better: "lower" },
  firstPacketP50: { title: "first packet p50", unit: "ms", better: "lower" },
  firstPacketP99: { title: "first packet p99", unit: "ms", better: "lower" },
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureName = keyof typeof figures;

/** What one run found, by figure. */
export type Values = Readonly<Partial<Record<FigureName, number>>>;
