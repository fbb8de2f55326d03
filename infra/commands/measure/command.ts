import { argumentError, readArguments, type Surroundings } from "../shared/arguments.ts";
import { Progress } from "../shared/progress.ts";
import { findTarget } from "../verify/findTarget.ts";
import { clusterOf, timeoutOf } from "../verify/options.ts";
import { openLive, versionOf } from "../verify/session.ts";
import type { MeasureData } from "./comparison.ts";
import type { Kind } from "./measurements.ts";
import type { ModeSwitch } from "./modeSwitch.ts";
import { type MeasureArguments, measure } from "./options.ts";
import { sshOutside } from "./outside.ts";
import { refuseUnwritable, report, writeFiles } from "./report.ts";
import { modes as allModes, type Lengths, type ModeName } from "./schedule.ts";
import { confirm, measureCluster } from "./session.ts";

const kinds: Readonly<Record<string, Kind>> = {
  throughput: "throughput",
  requests: "requests",
  connections: "connections",
  "first-packet": "first packet",
  "source-address": "source address",
};

const defaults = { repeats: "6", seconds: "30", services: "1,100,5000" } as const;

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
      .map((one) => `--services: must be an integer from 1 to ${mostServices}, found ${one}.`),
    ...together(given, modes ?? []),
  ];
  const cluster = clusterOf(given);
  if (wrong.length > 0 || cluster === undefined) throw argumentError(measure, wrong);
  const seconds = Number(given.get("seconds") ?? defaults.seconds);
  return {
    cluster,
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
    timeoutMilliseconds: timeoutOf(given),
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

function unknown(
  option: string,
  requested: readonly string[] | undefined,
  known: readonly string[],
): string[] {
  return (requested ?? [])
    .filter((one) => !known.includes(one))
    .map((one) => `--${option}: unknown value "${one}". Use ${known.join(", ")}.`);
}

/** Dependencies between options. */
function together(given: ReadonlyMap<string, string>, modes: readonly string[]): string[] {
  const has = (name: string) => given.has(name);
  return [
    ...(has("stack") || has("kubeconfig") ? [] : ["--stack, --kubeconfig: one is required."]),
    ...(has("modes") && !has("stack")
      ? ["--modes: needs --stack: modes are switched by the stack's own program."]
      : []),
    ...(modes.length !== new Set(modes).size
      ? ["--modes: names a mode twice. The first mode is measured at both ends of a run anyway."]
      : []),
    ...(modes.includes("iptables") && !has("i-accept-disruption")
      ? [
          "--modes: iptables turns eBPF off on every node and on again; open connections break. Add --i-accept-disruption to allow it.",
        ]
      : []),
    ...(modes.includes("tunnel") && modes.includes("dsr") && !has("client")
      ? ["--modes: tunnel and dsr differ only for a client outside the cluster. Name one with --client HOST."]
      : []),
  ];
}

/** Concurrent requests: this number of services is created at once. */
const concurrency = 16;

/**
 * `npm run measure`.
 * @returns the exit code
 */
export async function runMeasure(argv: readonly string[], around: Surroundings): Promise<number> {
  const { say } = around;
  const given = parseMeasure(argv);
  refuseUnwritable(given);
  const data = await measured(given, around);
  say(`\n${report(data)}`);
  const written = writeFiles(given, data);
  if (written.length > 0) say(`Written: ${written.join(", ")}`);
  return 0;
}

async function measured(given: MeasureArguments, around: Surroundings): Promise<MeasureData> {
  const { cluster: choice, timeoutMilliseconds } = given;
  const { say, complain, ending } = around;
  const { signal } = ending;
  const modes =
    given.modes.length > 0 && "stack" in choice
      ? await switchOf(choice.stack, given.modes, around)
      : undefined;
  const target = await findTarget(choice, undefined, say);
  ending.cleansUp({
    words: "Interrupted; removing the tools and restoring the mode. Press Ctrl-C again to skip that.",
    againWords:
      "measure: interrupted again. Left: a namespace that the next run removes, and the mode, which npx pulumi up restores.",
  });
  const live = openLive(target, concurrency, signal, undefined, timeoutMilliseconds);
  try {
    await versionOf(live.cluster, complain);
    return await measureCluster({
      live,
      given,
      modes,
      reach: sshOutside,
      confirm: () => (given.yes ? Promise.resolve() : confirm(process.stdin, process.stdout, signal)),
      say,
      teller: new Progress(process.stdout),
    });
  } finally {
    live.cluster.close();
  }
}

async function switchOf(
  stack: string,
  modes: readonly ModeName[],
  { root, say }: Surroundings,
): Promise<ModeSwitch> {
  // Imported only here: the Automation API is large and slow to load.
  const { openModes } = await import("./switchModes.ts");
  return openModes(stack, modes, root, say);
}
