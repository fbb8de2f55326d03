import { argumentError, readArguments } from "../shared/arguments.ts";
import { type ClusterChoice, clusterOf, timeoutOf } from "../verify/options.ts";
import { measure } from "./options.ts";
import type { Kind } from "./plan/measurements.ts";
import { modes as allModes, type ModeName } from "./plan/modes.ts";
import type { Lengths } from "./plan/schedule.ts";

export interface MeasureArguments {
  /** Undefined: with `--from` none is needed. */
  readonly cluster: ClusterChoice | undefined;
  /** In the order asked for; empty: as the cluster is. */
  readonly modes: readonly ModeName[];
  /** Do not ask before modes are switched. */
  readonly yes: boolean;
  readonly client: string | undefined;
  /** Undefined: all kinds. */
  readonly only: readonly Kind[] | undefined;
  readonly repeats: number;
  readonly lengths: Lengths;
  /** Ascending. */
  readonly services: readonly number[];
  readonly imageRegistry: string | undefined;
  readonly report: string | undefined;
  readonly json: string | undefined;
  readonly from: string | undefined;
  readonly compare: string | undefined;
  /** How much worse a figure may get, as a share. */
  readonly threshold: number;
  readonly timeoutMilliseconds: number | undefined;
}

const kinds: Readonly<Record<string, Kind>> = {
  throughput: "throughput",
  requests: "requests",
  connections: "connections",
  "first-packet": "first packet",
  "source-address": "source address",
};

const defaults = { repeats: "6", seconds: "30", services: "1,100,5000", threshold: "10" } as const;

/** More would not fit into the range of services of a usual cluster. */
const mostServices = 20_000;

/**
 * Reads the command line of `npm run measure`.
 * @throws UserError that lists every problem of it
 */
export function parseMeasure(args: readonly string[]): MeasureArguments {
  const { given, problems } = readArguments(measure.options, args);
  const [modes, only, services] = ["modes", "only", "services"].map((name) => listOf(given.get(name)));
  const numbers = (services ?? listOf(defaults.services) ?? []).map(Number);
  const wrong = [
    ...problems,
    ...unknown("modes", modes, Object.keys(allModes)),
    ...unknown("only", only, Object.keys(kinds)),
    ...numbers
      .filter((one) => !(Number.isInteger(one) && one >= 1 && one <= mostServices))
      .map((one) => `--services: ${one} is no whole number from 1 to ${mostServices}.`),
    ...together(given, modes ?? []),
  ];
  if (wrong.length > 0) throw argumentError(measure, wrong);
  const seconds = Number(given.get("seconds") ?? defaults.seconds);
  return {
    cluster: clusterOf(given),
    modes: (modes ?? []) as ModeName[],
    yes: given.has("yes"),
    client: given.get("client"),
    only: only?.flatMap((name) => kinds[name] ?? []),
    repeats: Number(given.get("repeats") ?? defaults.repeats),
    lengths: lengthsOf(seconds),
    services: [...new Set(numbers)].toSorted((a, b) => a - b),
    imageRegistry: given.get("image-registry"),
    report: given.get("report"),
    json: given.get("json"),
    from: given.get("from"),
    timeoutMilliseconds: timeoutOf(given),
    compare: given.get("compare"),
    threshold: Number(given.get("threshold") ?? defaults.threshold) / 100,
  };
}

function lengthsOf(seconds: number): Lengths {
  return {
    throughputSeconds: seconds,
    requestSeconds: Math.max(1, Math.round(seconds / 3)),
    warmUpSeconds: Math.max(1, Math.min(3, Math.round(seconds / 10))),
    firstPackets: Math.max(20, Math.round((seconds * 20) / 3)),
    firstPacketsPerSecond: 20,
  };
}

function listOf(text: string | undefined): string[] | undefined {
  return text?.split(",").map((one) => one.trim());
}

function unknown(option: string, asked: readonly string[] | undefined, known: readonly string[]): string[] {
  return (asked ?? [])
    .filter((one) => !known.includes(one))
    .map((one) => `--${option}: there is no "${one}". There are ${known.join(", ")}.`);
}

/** What options ask of each other. */
function together(given: ReadonlyMap<string, string>, modes: readonly string[]): string[] {
  const has = (name: string) => given.has(name);
  const hasCluster = has("stack") || has("kubeconfig");
  return [
    ...(hasCluster || has("from")
      ? []
      : ["--stack, --kubeconfig, --from: none is given. Name a stack, a kubeconfig, or an earlier --json."]),
    ...(has("kubeconfig") && has("from")
      ? ["--kubeconfig, --from: both given; they exclude each other. Keep one."]
      : []),
    ...(has("modes") && !has("stack")
      ? ["--modes: needs --stack: modes are switched by the stack's own program."]
      : []),
    ...(modes.length !== new Set(modes).size
      ? ["--modes: names a mode twice. Every mode is measured at both ends of a run by itself."]
      : []),
    ...(modes.includes("iptables") && !has("i-accept-disruption")
      ? [
          "--modes: iptables takes eBPF off every node and puts it on again; open connections break. Say --i-accept-disruption if that may be.",
        ]
      : []),
    ...(modes.includes("tunnel") && modes.includes("dsr") && !has("client")
      ? [
          "--modes: tunnel and dsr differ only for a client outside of the cluster. Name one with --client HOST.",
        ]
      : []),
    ...(has("threshold") && !has("compare") ? ["--threshold: has no effect without --compare FILE."] : []),
  ];
}
