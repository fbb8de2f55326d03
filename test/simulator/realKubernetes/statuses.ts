import type { KubernetesObject } from "../kubernetes/object.ts";
import type { Values } from "../protocol/provider.ts";

const shownProblems = 10;

/** What a condition tells of. */
export interface Health {
  /** Why it is not well, each for people. */
  readonly problems: readonly string[];
  readonly available: boolean;
  /** Generation of the Installation that this is about. */
  readonly generation: number;
}

/** An empty TigeraStatus. */
export function tigeraStatus(name: string): KubernetesObject {
  return { apiVersion: "operator.tigera.io/v1", kind: "TigeraStatus", metadata: { name } };
}

/** Conditions of a TigeraStatus. */
export function statusConditions(health: Health): Values[] {
  return conditions("Available", health);
}

/** The same as an Installation mirrors them, where Available is called Ready. */
export function installationConditions(health: Health): Values[] {
  return conditions("Ready", health);
}

/** A condition's message may have 32 kB: of many nodes with the same problem, a few will do. */
function shortened(problems: readonly string[]): string {
  const shown = problems.slice(0, shownProblems);
  const more = problems.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

function conditions(first: string, { problems, available, generation }: Health): Values[] {
  const degraded = problems.length > 0;
  const message = shortened(problems);
  const condition = (type: string, holds: boolean, reason: string, text: string) => ({
    type,
    status: holds ? "True" : "False",
    reason,
    message: text,
    observedGeneration: generation,
  });
  return [
    condition(first, available, available ? "AllObjectsAvailable" : "ResourceNotReady", message),
    condition(
      "Progressing",
      !(available || degraded),
      available ? "AllObjectsAvailable" : "ResourceNotReady",
      "",
    ),
    condition("Degraded", degraded, degraded ? "ResourceNotReady" : "AllObjectsAvailable", message),
  ];
}
