import { argumentError, type Command, readArguments } from "../shared/arguments.ts";
import { clusterOf, clusterOptions, timeoutOf } from "../verify/options.ts";
import { kinds } from "./measurements.ts";
import { type ModeName, modes } from "./modes.ts";

const { stack, kubeconfig, context, timeout } = clusterOptions;
const number = (says: string, example: string) =>
  ({ value: "N", isNumber: true, says, example: `--stack dev ${example}` }) as const;

/** `npm run measure` and its options. A new one needs a row here and a line in `parseMeasure`. */
export const measure: Command = {
  command: "npm run measure --",
  name: "measure",
  about: "Measures the data path of a running cluster, in one mode or in several that it switches between.",
  options: {
    stack: { ...stack, says: "the cluster of this stack" },
    kubeconfig: { ...kubeconfig, says: "any cluster with Calico, in its present mode" },
    context,
    timeout,
    modes: {
      value: "MODES",
      says: `${Object.keys(modes).join(", ")}, separated by commas; ratios are against the first (default: as it is)`,
      example: "--stack dev --modes tunnel,dsr --client bastion --i-accept-disruption",
    },
    "i-accept-disruption": {
      says: "allow --modes, whose switches disturb the cluster as docs/switch.md says",
      example: "--stack dev --modes iptables,dsr --i-accept-disruption",
    },
    client: {
      value: "HOST",
      says: "an ssh destination outside the cluster, with iperf3 and curl installed",
      example: "--stack dev --client ec2-user@10.40.0.9",
    },
    only: {
      value: "KINDS",
      says: `${kinds.join(", ")}, separated by commas (default: all)`,
      example: "--stack dev --only throughput,first-packet",
    },
    repeats: number("runs of each measurement in each mode (default: 6)", "--repeats 10"),
    seconds: number("length of a throughput run, in seconds (default: 10)", "--seconds 30"),
    services: {
      value: "NUMBERS",
      says: "numbers of services with which the first packet is measured (default: 1,1000,5000)",
      example: "--stack dev --services 1,1000",
    },
    "image-registry": {
      value: "REGISTRY",
      says: "a mirror of the tools' images with the same paths",
      example: "--stack dev --image-registry mirror.example.com",
    },
    report: { value: "FILE", says: "write a report as Markdown", example: "--stack dev --report measure.md" },
    json: {
      value: "FILE",
      says: "write every measurement as JSON",
      example: "--stack dev --json measure.json",
    },
  },
  example: "--stack dev --client ec2-user@10.40.0.9",
};

const defaults = { repeats: "6", seconds: "10", services: "1,1000,5000" } as const;

/** More would not fit into the range of services of a usual cluster. */
const mostServices = 20_000;

/**
 * Reads the command line of `npm run measure`.
 * @throws UserError that lists every problem of it
 */
export function parseMeasure(args: readonly string[]) {
  const { given, problems } = readArguments(measure.options, args);
  const [wanted, only, services] = ["modes", "only", "services"].map((name) => listOf(given.get(name)));
  const numbers = (services ?? listOf(defaults.services) ?? []).map(Number);
  const wrong = [
    ...problems,
    ...unknown("modes", wanted, Object.keys(modes)),
    ...unknown("only", only, kinds),
    ...numbers
      .filter((one) => !(Number.isInteger(one) && one >= 1 && one <= mostServices))
      .map((one) => `--services: must be an integer from 1 to ${mostServices}, found ${one}.`),
    ...together(given, wanted ?? []),
  ];
  const cluster = clusterOf(given);
  if (wrong.length > 0 || cluster === undefined) throw argumentError(measure, wrong);
  return {
    cluster,
    modes: (wanted ?? []) as ModeName[],
    client: given.get("client"),
    only: kinds.filter((kind) => only?.includes(kind) ?? true),
    repeats: Number(given.get("repeats") ?? defaults.repeats),
    seconds: Number(given.get("seconds") ?? defaults.seconds),
    services: [...new Set(numbers)].toSorted((a, b) => a - b),
    imageRegistry: given.get("image-registry"),
    report: given.get("report"),
    json: given.get("json"),
    timeoutMilliseconds: timeoutOf(given),
  };
}

function listOf(text: string | undefined): string[] | undefined {
  return text?.split(",").map((one) => one.trim());
}

function unknown(option: string, given: readonly string[] = [], known: readonly string[]): string[] {
  const wrong = given.filter((one) => !known.includes(one));
  return wrong.map((one) => `--${option}: unknown value "${one}". Use ${known.join(", ")}.`);
}

/** What options ask of each other. */
function together(given: ReadonlyMap<string, string>, wanted: readonly string[]): string[] {
  const [hasStack, hasModes] = [given.has("stack"), given.has("modes")];
  const comparesReplies = wanted.includes("tunnel") && wanted.includes("dsr");
  const problems = {
    "--stack, --kubeconfig: one is required.": !hasStack && !given.has("kubeconfig"),
    "--modes: needs --stack: modes are switched by the stack's own program.": hasModes && !hasStack,
    "--modes: names a mode twice. List each mode once; the way back is measured automatically.":
      wanted.length !== new Set(wanted).size,
    "--modes: each switch disturbs the cluster as docs/switch.md says, iptables most. Add --i-accept-disruption to allow it.":
      hasModes && !given.has("i-accept-disruption"),
    "--modes: tunnel and dsr differ only for a client outside the cluster. Name one with --client HOST.":
      comparesReplies && !given.has("client"),
  };
  return Object.entries(problems).flatMap(([problem, isOne]) => (isOne ? problem : []));
}

/** What the command line says. */
export type MeasureArguments = ReturnType<typeof parseMeasure>;
