import { expect } from "vitest";
import { broken } from "../../rehearsal/checks.ts";
import { converges, leavesNothing, strays } from "../../rehearsal/faults/convergence.ts";
import { interruptedUp } from "../../rehearsal/faults/interruption.ts";
import type { Life } from "../../rehearsal/faults/life.ts";
import { type InFlight, recover, replaceFailedNodeGroups } from "../../rehearsal/faults/recovery.ts";
import { pendingOf, stateOf } from "../../rehearsal/faults/state.ts";
import { type Point, Walk } from "../../rehearsal/faults/walk.ts";
import type { Signal } from "../../simulator/world/fault.ts";
import { devLife } from "./devStack.ts";

/** More lives than it takes until an operation was interrupted at every point. */
const manyLives = 30;

export interface Walked {
  /** URNs of the resources at whose creation no `up` was interrupted. */
  readonly left: readonly string[];
  /** What was in flight at the kills. */
  readonly inFlight: readonly InFlight[];
}

/**
 * Creates the dev stack with every `up` interrupted one point further than the one before, and judges what comes of it.
 * What was in flight passes by meanwhile, or comes about unseen; so it begins anew, until an `up` was interrupted at
 * every point. The engine reports the end of a creation, except of components.
 */
export async function walkThrough(signal: Signal, moment: Point["moment"]): Promise<Walked> {
  const walk = new Walk(moment);
  const inFlight: InFlight[] = [];
  for (let lives = 1; ; lives += 1) {
    const life = await devLife();
    inFlight.push(...(await walkOnce(life, signal, walk)));
    const resources = stateOf(await life.engine.checkpoint());
    expect(broken(await leavesNothing(life))).toEqual([]);
    await life.end();
    const visited = urnsOf(walk.visited.filter(({ operation }) => operation === "create"));
    const wanted = urnsOf(resources.filter(({ custom }) => custom || moment === "begins"));
    const left = [...wanted].filter((urn) => !visited.has(urn));
    if (left.length === 0 || lives === manyLives) return { left, inFlight };
  }
}

function urnsOf(all: readonly { readonly urn: string }[]): Set<string> {
  return new Set(all.map(({ urn }) => urn));
}

async function walkOnce(life: Life, signal: Signal, walk: Walk): Promise<InFlight[]> {
  const inFlight: InFlight[] = [];
  for (;;) {
    const { hit, failure, underWay } = await interruptedUp(life, signal, walk.next());
    // Without a signal nothing is in the way.
    if (!hit) expect(failure).toBeUndefined();
    if (failure === undefined) break;
    const pending = signal === "SIGKILL" ? await recover(life) : [];
    // What the cloud worked on is named.
    expect(pending.map(({ urn }) => urn)).toEqual(expect.arrayContaining([...underWay]));
    expect(pendingOf(await life.engine.checkpoint())).toEqual([]);
    expect(await strays(life)).toEqual([]);
    inFlight.push(...pending);
  }
  await replaceFailedNodeGroups(life);
  expect(broken(await converges(life))).toEqual([]);
  return inFlight;
}
