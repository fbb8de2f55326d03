import type { Command } from "../commandLine/options.ts";
import { readArguments } from "../commandLine/readArguments.ts";
import { argumentError } from "../commandLine/usage.ts";
import { type ClusterChoice, clusterOf, clusterOptions, clusterProblems } from "../live/clusterOptions.ts";

const defaultNodes = 20;

const defaultConcurrency = 8;

/** `npm run diagnose` and its options. A new one needs a row here and a line in `parseDiagnose`. */
export const diagnoseCommand: Command = {
  command: "npm run diagnose --",
  name: "diagnose",
  about: "Gathers in one archive what a maintainer would ask for, without secrets.",
  options: {
    ...clusterOptions,
    output: {
      value: "FILE",
      says: "the archive (default: a name with the time, in this folder)",
      example: "--stack dev --output diagnosis.tar.gz",
    },
    nodes: {
      value: "N",
      isNumber: true,
      says: `nodes to look into, those with a problem first (default: ${defaultNodes})`,
      example: "--stack dev --nodes 3",
    },
    concurrency: {
      value: "N",
      isNumber: true,
      says: `requests under way at one time (default: ${defaultConcurrency})`,
      example: "--stack dev --concurrency 4",
    },
    help: { says: "print this text", example: "--help" },
  },
};

export interface DiagnoseArguments {
  /** Undefined: with `--help` none is needed. */
  readonly cluster: ClusterChoice | undefined;
  /** `https://…` */
  readonly endpoint: string | undefined;
  /** File of the archive; undefined: a name with the time. */
  readonly output: string | undefined;
  readonly nodes: number;
  readonly concurrency: number;
  readonly help: boolean;
}

/**
 * Reads the command line of `npm run diagnose`.
 * @throws UserError that lists every problem of it
 */
export function parseDiagnose(args: readonly string[]): DiagnoseArguments {
  const { given, problems } = readArguments(diagnoseCommand.options, args);
  const wrong = [...problems, ...clusterProblems(given)];
  if (wrong.length > 0 && !given.has("help")) throw argumentError(diagnoseCommand, wrong);
  return {
    cluster: clusterOf(given),
    endpoint: given.get("endpoint"),
    output: given.get("output"),
    nodes: Number(given.get("nodes") ?? defaultNodes),
    concurrency: Number(given.get("concurrency") ?? defaultConcurrency),
    help: given.has("help"),
  };
}
