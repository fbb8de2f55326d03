import { argumentError, type Command, readArguments } from "../shared/arguments.ts";
import {
  type ClusterChoice,
  clusterOf,
  clusterOptions,
  clusterProblems,
  timeoutOf,
} from "../verify/options.ts";

const defaultNodes = 20;

const defaultConcurrency = 8;

/** `npm run diagnose` and its options. A new one needs a row here and a line in `parseDiagnose`. */
export const diagnoseCommand: Command = {
  command: "npm run diagnose --",
  name: "diagnose",
  about: "Collects what a maintainer needs in one archive, without secrets.",
  options: {
    ...clusterOptions,
    output: {
      value: "FILE",
      says: "the archive file (default: named by the time, in this directory)",
      example: "--stack dev --output diagnosis.tar.gz",
    },
    nodes: {
      value: "N",
      isNumber: true,
      says: `nodes to inspect, those with a problem first (default: ${defaultNodes})`,
      example: "--stack dev --nodes 3",
    },
    concurrency: {
      value: "N",
      isNumber: true,
      says: `concurrent requests (default: ${defaultConcurrency})`,
      example: "--stack dev --concurrency 4",
    },
  },
  example: "--stack dev --output diagnosis.tar.gz",
};

export interface DiagnoseArguments {
  readonly cluster: ClusterChoice;
  /** `https://…` */
  readonly endpoint: string | undefined;
  /** File of the archive; undefined: named by the time. */
  readonly output: string | undefined;
  readonly nodes: number;
  readonly concurrency: number;
  readonly timeoutMilliseconds: number | undefined;
}

/**
 * Reads the command line of `npm run diagnose`.
 * @throws UserError that lists every problem in it
 */
export function parseDiagnose(args: readonly string[]): DiagnoseArguments {
  const { given, problems } = readArguments(diagnoseCommand.options, args);
  const wrong = [...problems, ...clusterProblems(given)];
  const cluster = clusterOf(given);
  if (wrong.length > 0 || cluster === undefined) throw argumentError(diagnoseCommand, wrong);
  return {
    cluster,
    endpoint: given.get("endpoint"),
    output: given.get("output"),
    nodes: Number(given.get("nodes") ?? defaultNodes),
    timeoutMilliseconds: timeoutOf(given),
    concurrency: Number(given.get("concurrency") ?? defaultConcurrency),
  };
}
