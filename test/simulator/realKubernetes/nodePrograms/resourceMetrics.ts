import { cpus } from "node:os";

/**
 * What a kubelet prints at `/metrics/resource` of its node's processors. Whatever the simulated nodes do is done by this
 * machine, so each of them tells of this machine, and at once instead of every ten seconds.
 */
export function resourceMetrics(): string {
  const busyMilliseconds = cpus().reduce(
    (sum, { times }) => sum + times.user + times.nice + times.sys + times.irq,
    0,
  );
  return [
    "# HELP node_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the node in core-seconds",
    "# TYPE node_cpu_usage_seconds_total counter",
    `node_cpu_usage_seconds_total ${busyMilliseconds / 1000} ${Date.now()}`,
    "",
  ].join("\n");
}
