/** Something that happens, after everything in `after` has and after the first of `afterAny` has. */
export interface Event {
  readonly id: string;
  readonly after: readonly string[];
  readonly afterAny?: readonly string[];
  /** Seconds from then until it has happened. */
  readonly seconds: number;
}

export interface Scheduled extends Event {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** The event whose end it waited for last; undefined for one that waits for none. */
  readonly heldBy: string | undefined;
}

/** Events by id, in the order in which they end. */
export type Schedule = ReadonlyMap<string, Scheduled>;

/**
 * Places every event at its earliest time. Ids that no event has are ignored.
 * @throws Error that names the cycle, when events wait for one another
 */
export function schedule(events: readonly Event[]): Schedule {
  const open = new Map(events.map((event) => [event.id, event]));
  const placed = new Map<string, Scheduled>();
  while (open.size > 0) {
    // The one that ends first: whatever is placed later ends later, so that the first of an `afterAny` is the earliest.
    const [next] = [...open.values()].flatMap((event) => place(event, open, placed) ?? []).toSorted(byEnd);
    if (next === undefined) throw new Error(`circle: ${circle(open, placed).join(" → ")}`);
    open.delete(next.id);
    placed.set(next.id, next);
  }
  return placed;
}

type Open = ReadonlyMap<string, Event>;

/** The event at its earliest time; undefined while what it waits for is open. */
function place(event: Event, open: Open, placed: Schedule): Scheduled | undefined {
  if (blockers(event, open, placed).length > 0) return undefined;
  const [firstOfAny] = (event.afterAny ?? []).flatMap((id) => placed.get(id) ?? []).toSorted(byEnd);
  const all = event.after.flatMap((id) => placed.get(id) ?? []);
  const last = [...all, ...(firstOfAny === undefined ? [] : [firstOfAny])].toSorted(byEnd).at(-1);
  const startSeconds = last?.endSeconds ?? 0;
  return { ...event, startSeconds, endSeconds: startSeconds + event.seconds, heldBy: last?.id };
}

/** Open events that an event waits for. */
function blockers({ after, afterAny = [] }: Event, open: Open, placed: Schedule): string[] {
  const any = afterAny.some((id) => placed.has(id)) ? [] : afterAny;
  return [...after, ...any].filter((id) => open.has(id));
}

/** Where everything open waits for something open, following it ends in a cycle. */
function circle(open: Open, placed: Schedule): string[] {
  const path: string[] = [];
  let [id = ""] = open.keys();
  while (!path.includes(id)) {
    path.push(id);
    const event = open.get(id);
    id = (event === undefined ? [] : blockers(event, open, placed))[0] ?? "";
  }
  return [...path.slice(path.indexOf(id)), id];
}

function byEnd(a: Scheduled, b: Scheduled): number {
  return a.endSeconds - b.endSeconds;
}

/** Seconds until the last event has happened. */
export function totalSeconds(all: Schedule): number {
  return Math.max(0, ...[...all.values()].map(({ endSeconds }) => endSeconds));
}

/** The chain of events that determines the total time, first to last. Events without a length are left out. */
export function criticalPath(all: Schedule): Scheduled[] {
  const path: Scheduled[] = [];
  let event = [...all.values()].toSorted(byEnd).at(-1);
  while (event !== undefined) {
    path.unshift(event);
    event = event.heldBy === undefined ? undefined : all.get(event.heldBy);
  }
  return path.filter(({ seconds }) => seconds > 0);
}
