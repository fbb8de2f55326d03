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

export type Schedule = ReadonlyMap<string, Scheduled>;

/**
 * Places every event at its earliest time. Ids that no event has are ignored.
 * @throws Error that names the circle, when events wait for one another
 */
export function schedule(events: readonly Event[]): Schedule {
  const byId = new Map(events.map((event) => [event.id, event]));
  const placed = new Map<string, Scheduled>();
  const open: string[] = [];

  const place = (id: string): Scheduled | undefined => {
    const event = byId.get(id);
    if (event === undefined || placed.has(id)) return placed.get(id);
    if (open.includes(id)) throw new Error(`circle: ${[...open.slice(open.indexOf(id)), id].join(" → ")}`);
    open.push(id);
    const all = event.after.flatMap((before) => place(before) ?? []);
    const any = (event.afterAny ?? []).flatMap((before) => place(before) ?? []).toSorted(byEnd);
    open.pop();
    const last = [...all, ...any.slice(0, 1)].toSorted(byEnd).at(-1);
    const startSeconds = last?.endSeconds ?? 0;
    const scheduled = { ...event, startSeconds, endSeconds: startSeconds + event.seconds, heldBy: last?.id };
    placed.set(id, scheduled);
    return scheduled;
  };
  for (const { id } of events) place(id);
  return placed;
}

function byEnd(a: Scheduled, b: Scheduled): number {
  return a.endSeconds - b.endSeconds;
}

/** Seconds until the last event has happened. */
export function totalSeconds(all: Schedule): number {
  return Math.max(0, ...[...all.values()].map(({ endSeconds }) => endSeconds));
}

/** The chain of events that decides how long it takes, first to last. Events without a length are left out. */
export function criticalPath(all: Schedule): Scheduled[] {
  const path: Scheduled[] = [];
  let event = [...all.values()].toSorted(byEnd).at(-1);
  while (event !== undefined) {
    path.unshift(event);
    event = event.heldBy === undefined ? undefined : all.get(event.heldBy);
  }
  return path.filter(({ seconds }) => seconds > 0);
}
