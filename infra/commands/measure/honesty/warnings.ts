import { bandwidth, burstableProcessor } from "../facts/bandwidth.ts";
import { type InstanceBandwidth, type MeasureData, valuesOf } from "../reports/measureData.ts";
import { sampleOf } from "../statistics/sample.ts";

/** Share of a limit from which on the limit, and not the data path, is what was measured. */
const nearShare = 0.9;

/** Gbit/s that the network allows one flow between two instances, and which limit that is. */
export function limits({ instances }: MeasureData["cluster"]): { gigabits: number; name: string }[] {
  return [
    { gigabits: bandwidth.oneFlowGigabits, name: "what EC2 allows one flow" },
    {
      gigabits: bandwidth.oneFlowInPlacementGroupGigabits,
      name: "what EC2 allows one flow in a placement group",
    },
    ...instances.flatMap(({ instanceType, baselineGigabits, peakGigabits }) => [
      ...(baselineGigabits === undefined
        ? []
        : [{ gigabits: baselineGigabits, name: `the baseline bandwidth of ${instanceType}` }]),
      ...(peakGigabits === undefined || peakGigabits === baselineGigabits
        ? []
        : [{ gigabits: peakGigabits, name: `the peak bandwidth of ${instanceType}` }]),
    ]),
  ];
}

/** The limit that a throughput is at; undefined: none that is known. One node's own traffic crosses no network. */
export function limitOf(data: MeasureData, measurement: string): string | undefined {
  if (measurement.includes("/same-node/")) return undefined;
  const samples = data.modes.flatMap((mode) => {
    const values = valuesOf(data.runs, { measurement, mode, figure: "throughput" });
    return values.length === 0 ? [] : [sampleOf(values)];
  });
  const [fastest] = samples.toSorted((a, b) => b.median - a.median);
  // A limit is reached again and again; what is near it by chance spreads.
  if (fastest === undefined || fastest.spread > 1 - nearShare) return undefined;
  const most = fastest.median;
  return limits(data.cluster).find(
    ({ gigabits }) => most >= nearShare * gigabits && most <= (2 - nearShare) * gigabits,
  )?.name;
}

/** Everything that a reader of the figures has to know before they believe them, a sentence each. */
export function warnings(data: MeasureData): string[] {
  const { cluster, measured, modes } = data;
  return [
    ...measured.flatMap(({ id, title }) => {
      const limit = limitOf(data, id);
      return limit === undefined
        ? []
        : [`${title}: at ${limit}. The throughput is the network's; compare the processor time.`];
    }),
    ...cluster.instances.flatMap(ofInstance),
    ...sameness(
      cluster.nodes.map(({ instanceType }) => instanceType),
      "instance types",
    ),
    ...sameness(
      cluster.nodes.map(({ kernel }) => kernel),
      "kernels",
    ),
    ...sameness(
      cluster.nodes.map(({ zone }) => zone),
      "zones",
    ),
    ...(modes.includes("dsr") && cluster.outside === undefined
      ? [
          "DSR shows only to a client outside of the cluster, and none was named: a node sends straight to the backend.",
        ]
      : []),
  ];
}

function ofInstance({
  instanceType,
  baselineGigabits,
  peakGigabits,
  burstableProcessor: isBurstable,
}: InstanceBandwidth) {
  return [
    ...(isBurstable
      ? [`${instanceType} has a processor on credits: figures change when they are used up.`]
      : []),
    ...(baselineGigabits === undefined
      ? [`EC2 was not asked for the bandwidth of ${instanceType}: whether it is the limit is not known.`]
      : []),
    ...(baselineGigabits !== undefined && peakGigabits !== undefined && peakGigabits > baselineGigabits
      ? [
          `${instanceType} has ${peakGigabits} Gbit/s for some time and ${baselineGigabits} Gbit/s after that: figures change with its network credits.`,
        ]
      : []),
  ];
}

function sameness(values: readonly string[], what: string): string[] {
  const different = [...new Set(values)];
  return different.length < 2 ? [] : [`The nodes have different ${what}: ${different.join(", ")}.`];
}

/** Whether an instance type's processor runs on credits, by its name. */
export function isBurstable(instanceType: string): boolean {
  return burstableProcessor.pattern.test(instanceType);
}
