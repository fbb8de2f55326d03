import { type Fault, faultText, type Interruption, interruptionText } from "../../simulator/world/fault.ts";
import { labelWithout } from "../reports/labels.ts";
import type { FaultsData, SurvivedData } from "../reports/reportData.ts";
import type { Attempt } from "./chronicle.ts";

/** The planned faults. */
interface Wanted {
  readonly faults: readonly Fault[];
  readonly interruption?: Interruption;
}

/** The faults of a rehearsal, and what recovery required, for the reports. */
export function survived(
  { faults, interruption }: Wanted,
  attempts: readonly Attempt[],
  clusterName: string,
): FaultsData {
  const label = labelWithout(clusterName);
  return {
    survived: [
      ...(interruption === undefined ? [] : [ofInterruption(interruption, attempts)]),
      ...faults.map((fault) => ofFault(fault, attempts, label)),
    ],
    commands: attempts.map((attempt) => ({
      command: attempt.command,
      outcome: attempt.outcome,
      notes: [
        ...(attempt.interruption === undefined ? [] : [attempt.interruption]),
        ...attempt.injected.map(({ urn, operation, kind }) => `${operation} of ${label(urn)}: ${kind}`),
        ...attempt.notes,
      ],
    })),
  };
}

/** The commands until one of its kind is run again, that one included. */
function ofInterruption(interruption: Interruption, attempts: readonly Attempt[]): SurvivedData {
  const fault = interruptionText(interruption);
  const at = attempts.findIndex((one) => one.interruption !== undefined);
  if (at === -1) return { fault, times: 0, on: [], took: [] };
  const later = attempts.slice(at + 1);
  const again = later.findIndex(({ command }) => command === attempts[at]?.command);
  const needed = later.slice(0, again + 1);
  return { fault, times: 1, on: needed.flatMap(({ notes }) => notes), took: counted(needed) };
}

function ofFault(fault: Fault, attempts: readonly Attempt[], label: (urn: string) => string): SurvivedData {
  const ofIt = ({ injected }: Attempt) => injected.filter((one) => one.fault === fault);
  const all = attempts.flatMap(ofIt);
  const repeated = attempts.filter((one) => one.outcome === "failed" && ofIt(one).length > 0);
  const first = attempts.findIndex((one) => ofIt(one).length > 0);
  // Only a failed creation leaves something behind that a second attempt does not repair.
  const remedies =
    fault.operation === "create" && repeated.length > 0
      ? attempts.slice(first).filter(({ isRemedy }) => isRemedy)
      : [];
  return {
    fault: faultText(fault),
    times: all.length,
    on: [...new Set(all.map(({ urn }) => label(urn)))],
    took: counted([...repeated, ...remedies]),
  };
}

/** How often each command was run. */
function counted(attempts: readonly Attempt[]): SurvivedData["took"] {
  return [...Map.groupBy(attempts, ({ command }) => command)].map(([command, all]) => ({
    command,
    times: all.length,
  }));
}
