/** The fastest of several runs of the same work: whatever else the machine does only adds to a run. */
export function fastest(milliseconds: readonly number[]): number {
  return Math.min(...milliseconds);
}

/** Milliseconds that something takes. */
export async function milliseconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** What one line of the benchmark found. */
interface Found {
  readonly name: string;
  readonly found: number;
  /** What the figure consists of. */
  readonly detail: string;
}

/** A counter, a ratio or an amount of memory: the same on a busy machine, so that it fails the benchmark over its limit. */
export interface Judged extends Found {
  /** Above the noise of what was measured: what breaks it is a change of the program. */
  readonly limit: number;
  readonly unit: "" | " MiB" | " GiB";
}

/** A time: it depends on what else the machine does, and fails nothing. */
export interface Printed extends Found {
  readonly limit?: never;
  readonly unit: " s" | " ms" | " times";
}

export type Figure = Judged | Printed;

/** Whether a figure keeps to its limit. A time has none. */
export function isWithin({ found, limit }: Figure): boolean {
  return limit === undefined || found <= limit;
}

/** `✓ name: 1.23 (at most 1.6) — detail`, or for a time `- name: 1.23 s — detail`. */
export function figureLine(figure: Figure): string {
  const { name, found, limit, unit, detail } = figure;
  if (limit === undefined) return `- ${name}: ${found.toFixed(2)}${unit} — ${detail}`;
  const mark = isWithin(figure) ? "✓" : "✗";
  return `${mark} ${name}: ${found.toFixed(2)}${unit} (at most ${limit}${unit}) — ${detail}`;
}

/** Of two measurements of the same figures, the lower of each: another process only adds to one. */
export function lower(first: readonly Figure[], second: readonly Figure[]): Figure[] {
  return first.map((one) => {
    const again = second.find(({ name }) => name === one.name) ?? one;
    return again.found < one.found ? again : one;
  });
}
