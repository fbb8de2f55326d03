import type { Wait } from "../../simulator/world/activity.ts";

/** A resource that the program registered, with what it depends on. */
export interface Planned {
  readonly urn: string;
  readonly type: string;
  readonly parent: string;
  readonly dependsOn: readonly string[];
}

/** Two resources that wait for each other: one in the program, the other at run time. */
export interface Deadlock {
  /** What waits at run time, and for what. */
  readonly waiting: Wait;
  /** URN of the resource that would end the wait, and cannot start before it is over. */
  readonly blocked: string;
}

/** Finds the waits that only a resource could end which, in the program, comes after the one that waits. */
export function findDeadlocks(waits: readonly Wait[], planned: readonly Planned[]): Deadlock[] {
  const byUrn = new Map(planned.map((one) => [one.urn, one]));
  return waits.flatMap((waiting) => {
    const providers = planned.filter(({ type }) => waiting.providedBy.includes(type));
    const blocked = providers.filter(({ urn }) => before(urn, byUrn).has(owner(waiting.urn, byUrn)));
    // One provider that may start is enough to end the wait.
    return blocked.length > 0 && blocked.length === providers.length
      ? blocked.map(({ urn }) => ({ waiting, blocked: urn }))
      : [];
  });
}

/** The waiting resource as the program knows it: a child that a remote component registered stands for the component. */
function owner(urn: string, byUrn: ReadonlyMap<string, Planned>): string {
  if (byUrn.has(urn)) return urn;
  const [stack, project, types = ""] = urn.split("::");
  const parents = types.split("$").slice(0, -1).join("$");
  const prefix = `${stack}::${project}::${parents}::`;
  return [...byUrn.keys()].find((known) => known.startsWith(prefix)) ?? urn;
}

/** Everything that must be done before a resource may start. */
function before(urn: string, byUrn: ReadonlyMap<string, Planned>): Set<string> {
  const seen = new Set<string>();
  const open = [urn];
  while (open.length > 0) {
    const one = byUrn.get(open.pop() ?? "");
    if (one === undefined) continue;
    for (const next of [...one.dependsOn, one.parent]) {
      if (next === "" || seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return seen;
}
