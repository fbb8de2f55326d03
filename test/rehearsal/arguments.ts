import { isIPv4 } from "node:net";
import { type ModeName, modes } from "../../infra/commands/measure/modes.ts";
import { argumentError, readArguments } from "../../infra/commands/shared/arguments.ts";
import type { StackChoice } from "../../infra/commands/shared/stackFile.ts";
import type { ChangeChoice } from "../../infra/commands/shared/stackSettings.ts";
import { type Fault, type Interruption, readFaults, signals } from "../simulator/world/fault.ts";
import {
  type DataPathChoice,
  dataPathChoices,
  type KubernetesChoice,
  kubernetesChoices,
  options,
  rehearse,
  type Stage,
  stages,
} from "./options.ts";

export interface Arguments {
  readonly stack: StackChoice;
  readonly until: Stage;
  readonly kubernetes: KubernetesChoice;
  readonly dataPath: DataPathChoice;
  /** Folder with the programs of another Calico release. Absent: those that are built here. */
  readonly calicoFiles?: string;
  /** Total number of nodes of the pools. Absent: as in the stack file. */
  readonly nodes?: number;
  /** Where Pulumi runs: an IPv4 address, or the ID of a security group. Absent: where the settings allow it. */
  readonly client?: string;
  /** Whether to run the checks of `npm run verify` on the simulated cluster. */
  readonly verify: boolean;
  /** Modes to measure on the real data path. Absent: none. */
  readonly measure?: ModeName[];
  /** The change of the stack once it is up. Absent: none. */
  readonly change?: ChangeChoice;
  /** Faults to inject. */
  readonly faults: readonly Fault[];
  /** When to interrupt `up`. Absent: never. */
  readonly interruption?: Interruption;
  /** File for the report as Markdown; undefined: none. */
  readonly report: string | undefined;
  /** File for the JSON report; undefined: none. */
  readonly json: string | undefined;
}

/**
 * Reads the command line of the rehearsal.
 * @param args without node and script, as in `process.argv.slice(2)`
 * @throws UserError that lists every problem of the command line
 */
export function parseArguments(args: readonly string[]): Arguments {
  const { given, lists, problems } = readArguments(options, args);
  const { faults, problems: faultProblems } = readFaults(lists.get("fault") ?? []);
  const wrong = [...problems, ...misfits(given), ...faultProblems];
  if (wrong.length > 0) throw argumentError(rehearse, wrong);

  const file = given.get("from") ?? given.get("stack-file");
  const to = given.get("to");
  const set = lists.get("set");
  const afterEvents = Number(given.get("kill-after") ?? 0);
  const nodes = Number(given.get("nodes") ?? 0);
  const signal = signals.find((one) => one === given.get("signal")) ?? "SIGINT";
  return {
    stack: file === undefined ? { stack: given.get("stack") ?? "dev" } : { file },
    until: stages.find((stage) => stage === given.get("until")) ?? "destroy",
    kubernetes: kubernetesChoices.find((choice) => choice === given.get("kubernetes")) ?? "memory",
    ...dataPathOf(given),
    ...(nodes > 0 ? { nodes } : {}),
    ...placeOf(given),
    verify: given.has("verify"),
    ...(given.has("measure") ? { measure: modesOf(given) as ModeName[] } : {}),
    ...(to === undefined ? {} : { change: { to } }),
    ...(set === undefined ? {} : { change: { set } }),
    faults,
    ...(afterEvents > 0 ? { interruption: { afterEvents, signal } } : {}),
    report: given.get("report"),
    json: given.get("json"),
  };
}

function placeOf(given: ReadonlyMap<string, string>): Pick<Arguments, "client"> {
  const client = given.get("client");
  return client === undefined ? {} : { client };
}

function dataPathOf(given: ReadonlyMap<string, string>): Pick<Arguments, "dataPath" | "calicoFiles"> {
  const dataPath = dataPathChoices.find((choice) => choice === given.get("data-path")) ?? "none";
  const calicoFiles = given.get("calico-files");
  return { dataPath, ...(calicoFiles === undefined ? {} : { calicoFiles }) };
}

/** Options that have no effect with, or without, another. */
function misfits(given: ReadonlyMap<string, string>): string[] {
  const changes = ["to", "set"].filter((name) => given.has(name));
  const besideChange = ["until", "fault", "kill-after"].filter((name) => given.has(name));
  return [
    ...clientProblems(given.get("client")),
    ...(given.has("from") && changes.length === 0 ? ["--from: has no effect without --to or --set."] : []),
    ...(given.has("from") && given.has("stack")
      ? ["--from, --stack: both name the stack file. Keep one."]
      : []),
    ...changes.flatMap((name) =>
      besideChange.map(
        (other) =>
          `--${name}, --${other}: a change can be rehearsed only completely and without faults. Keep one.`,
      ),
    ),
    ...(given.has("verify") && given.get("kubernetes") !== "real"
      ? ["--verify: needs a cluster to check. Add --kubernetes real."]
      : []),
    ...dataPathProblems(given),
    ...measureProblems(given),
    ...(given.has("verify") && given.get("until") === "preview"
      ? ["--until preview, --verify: a preview leaves no cluster to verify. Keep one."]
      : []),
    ...(given.has("signal") && !given.has("kill-after")
      ? ["--signal: has no effect without --kill-after N."]
      : []),
  ];
}

function clientProblems(client: string | undefined): string[] {
  if (client === undefined || isIPv4(client) || /^sg-[0-9a-f]{8,17}$/.test(client)) return [];
  return [`--client: ${client}; must be an IPv4 address or the ID of a security group, such as 10.60.0.10.`];
}

function modesOf(given: ReadonlyMap<string, string>): string[] {
  return (given.get("measure") ?? "").split(",").map((one) => one.trim());
}

function measureProblems(given: ReadonlyMap<string, string>): string[] {
  if (!given.has("measure")) return [];
  const names = Object.keys(modes);
  return [
    ...modesOf(given)
      .filter((one) => !names.includes(one))
      .map((one) => `--measure: unknown value "${one}". Use ${names.join(", ")}.`),
    ...(given.get("data-path") === "real" ? [] : ["--measure: needs real packets. Add --data-path real."]),
  ];
}

function dataPathProblems(given: ReadonlyMap<string, string>): string[] {
  return [
    ...(given.get("data-path") === "real" && given.get("kubernetes") !== "real"
      ? ["--data-path real: needs an API server for its nodes. Add --kubernetes real."]
      : []),
    ...(given.has("calico-files") && given.get("data-path") !== "real"
      ? ["--calico-files: has no effect without --data-path real."]
      : []),
  ];
}
