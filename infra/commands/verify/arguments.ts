import { argumentError, durationMilliseconds, readArguments } from "../shared/arguments.ts";
import { checks } from "./checks/index.ts";
import { type ClusterChoice, clusterOf, clusterProblems, timeoutOf, verify } from "./options.ts";

export interface VerifyArguments {
  /** Undefined: not needed with `--list`. */
  readonly cluster: ClusterChoice | undefined;
  /** `https://…` */
  readonly endpoint: string | undefined;
  /** Names of the checks to run, in the order of their table. */
  readonly only: readonly string[];
  readonly list: boolean;
  readonly waitMilliseconds: number;
  readonly count: number;
  readonly concurrency: number;
  readonly timeoutMilliseconds: number | undefined;
  readonly allowUnknown: boolean;
  /** Mirror for the images of the checks' pods; undefined: the original registries. */
  readonly imageRegistry: string | undefined;
  readonly junit: string | undefined;
  readonly json: string | undefined;
}

/** Concurrent requests. */
export const defaultConcurrency = 16;

/**
 * Reads the command line of `npm run verify`.
 * @throws UserError that lists every problem in it
 */
export function parseVerify(args: readonly string[]): VerifyArguments {
  const { given, lists, problems } = readArguments(verify.options, args);
  const isFree = given.has("list");
  const requested = (lists.get("only") ?? []).flatMap((one) => one.split(",")).map((one) => one.trim());
  const wrong = [...problems, ...(isFree ? [] : clusterProblems(given)), ...unknownChecks(requested)];
  if (wrong.length > 0) throw argumentError(verify, wrong);
  const names = checks.map(({ name }) => name);
  return {
    cluster: clusterOf(given),
    endpoint: given.get("endpoint"),
    only: requested.length === 0 ? names : names.filter((name) => requested.includes(name)),
    list: given.has("list"),
    waitMilliseconds: given.has("wait") ? durationMilliseconds(given.get("wait") ?? "") : 0,
    count: Number(given.get("count") ?? 1),
    concurrency: Number(given.get("concurrency") ?? defaultConcurrency),
    timeoutMilliseconds: timeoutOf(given),
    allowUnknown: given.has("allow-unknown"),
    imageRegistry: given.get("image-registry"),
    junit: given.get("junit"),
    json: given.get("json"),
  };
}

function unknownChecks(requested: readonly string[]): string[] {
  const names = checks.map(({ name }) => name);
  return requested
    .filter((one) => !names.includes(one))
    .map((one) => `--only: unknown check "${one}". Use ${names.join(", ")}.`);
}
