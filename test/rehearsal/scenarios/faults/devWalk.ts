import { expect } from "vitest";
import { broken, converges, leavesNothing, strays } from "../../faults/convergence.ts";
import type { Signal } from "../../faults/fault.ts";
import { interruptedUp } from "../../faults/interruption.ts";
import type { Life } from "../../faults/life.ts";
import { type InFlight, recover, replaceFailedNodeGroups } from "../../faults/recovery.ts";
import { pendingOf, type StateResource, stateOf } from "../../faults/state.ts";
import { type Point, Walk } from "../../faults/walk.ts";
import { devLife } from "./devStack.ts";

/** More lives than it takes until an operation was interrupted at every point. */
const manyLives = 30;

export interface Walked {
  /** URNs of the resources at whose creation an `up` was interrupted. */
  readonly urns: ReadonlySet<string>;
  /** URNs of the complete stack. */
  readonly all: ReadonlySet<string>;
  /** Those that are no components: of these alone the engine tells the end of the creation. */
  readonly custom: ReadonlySet<string>;
  /** What was in flight at the kills. */
  readonly inFlight: readonly InFlight[];
}

/**
 * Creates the dev stack with every `up` interrupted one point further than the one before, and judges what comes of it.
 * What was in flight passes by meanwhile; so it begins anew, until an `up` was interrupted at every point.
 */
export async function walkThrough(signal: Signal, moment: Point["moment"]): Promise<Walked> {
  const walk = new Walk(moment);
  const inFlight: InFlight[] = [];
  let resources: readonly StateResource[] = [];
  for (let lives = 1, before = -1; walk.visited.length > before && lives <= manyLives; lives += 1) {
    before = walk.visited.length;
    const life = await devLife();
    inFlight.push(...(await walkOnce(life, signal, walk)));
    resources = stateOf(await life.engine.checkpoint());
    expect(broken(await leavesNothing(life))).toEqual([]);
    await life.end();
    if (walk.missed.length === 0) break;
  }
  expect(walk.missed.filter(isCreation)).toEqual([]);
  return {
    urns: urnsOf(walk.visited.filter(isCreation)),
    all: urnsOf(resources),
    custom: urnsOf(resources.filter(({ custom }) => custom)),
    inFlight,
  };
}

function urnsOf(all: readonly { readonly urn: string }[]): Set<string> {
  return new Set(all.map(({ urn }) => urn));
}

function isCreation({ operation }: Point): boolean {
  return operation === "create";
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
