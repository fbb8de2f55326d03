/** The kubelet's word on its node's processors. */
export interface ProcessorReading {
  /** When the kubelet read it, in Unix seconds. */
  readonly at: number;
  /** Seconds of processor time that the node has used since it started, all processors together. */
  readonly usedSeconds: number;
}

/**
 * Reads what a kubelet prints at `/metrics/resource`.
 * @param receivedAt Unix seconds, for a kubelet that does not say when it read
 * @returns undefined when it says nothing of its node's processors
 */
export function readProcessorTime(text: string, receivedAt: number): ProcessorReading | undefined {
  const [, value, milliseconds] =
    /^node_cpu_usage_seconds_total(?:\{[^}]*\})?\s+([0-9.eE+-]+)(?:\s+(\d+))?\s*$/m.exec(text) ?? [];
  const usedSeconds = Number(value);
  if (value === undefined || !Number.isFinite(usedSeconds)) return undefined;
  return { at: milliseconds === undefined ? receivedAt : Number(milliseconds) / 1000, usedSeconds };
}

/**
 * Processors in use on average, by the first and the last reading within a span of time: the kubelet reads every ten
 * seconds or so, and what it read before the traffic began would tell of idleness.
 * @returns undefined when fewer than two readings lie within it
 */
export function processorsInUse(
  readings: readonly ProcessorReading[],
  from: number,
  to: number,
): number | undefined {
  const within = readings.filter(({ at }) => at >= from && at <= to).toSorted((a, b) => a.at - b.at);
  const [first] = within;
  const last = within.at(-1);
  if (first === undefined || last === undefined || last.at - first.at <= 0) return undefined;
  return (last.usedSeconds - first.usedSeconds) / (last.at - first.at);
}
