/** The middle of several measurements. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

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

/** One line of the benchmark: what was found beside what is allowed. */
export interface Figure {
  readonly name: string;
  readonly found: number;
  readonly limit: number;
  readonly unit: string;
  /** What the figure consists of. */
  readonly detail: string;
}

/** Whether a figure keeps to its limit. */
export function isWithin({ found, limit }: Figure): boolean {
  return found <= limit;
}

/** `✓ name: 1.23 (at most 1.6) — detail`. */
export function figureLine(figure: Figure): string {
  const { name, found, limit, unit, detail } = figure;
  const mark = isWithin(figure) ? "✓" : "✗";
  return `${mark} ${name}: ${found.toFixed(2)}${unit} (at most ${limit}${unit}) — ${detail}`;
}
