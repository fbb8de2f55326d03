import { describe, expect, it } from "vitest";
import { processorsInUse, readProcessorTime } from "../../../../../../infra/commands/measure/tools.ts";

const kubelet = `# HELP container_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the container in core-seconds
# TYPE container_cpu_usage_seconds_total counter
container_cpu_usage_seconds_total{container="calico-node",namespace="calico-system",pod="calico-node-x"} 71.5 1795275185000
# HELP node_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the node in core-seconds
# TYPE node_cpu_usage_seconds_total counter
node_cpu_usage_seconds_total 3541.254 1795275185123
node_memory_working_set_bytes 1.2e+09 1795275185123
`;

describe("the kubelet's reading", () => {
  it("is the node's processor time, with when it was read", () => {
    expect(readProcessorTime(kubelet, 0)).toEqual({ at: 1795275185.123, usedSeconds: 3541.254 });
  });

  it("counts from its receipt when it does not say when", () => {
    expect(readProcessorTime("node_cpu_usage_seconds_total 1.5e+03\n", 77)).toEqual({
      at: 77,
      usedSeconds: 1500,
    });
  });

  it("is not a container's", () => {
    expect(readProcessorTime(kubelet.replaceAll(/^node_cpu.*$/gm, ""), 0)).toBeUndefined();
  });
});

describe("processors in use", () => {
  const readings = [
    { at: 95, usedSeconds: 0 },
    { at: 104, usedSeconds: 10 },
    { at: 114, usedSeconds: 25 },
    { at: 124, usedSeconds: 40 },
    { at: 134, usedSeconds: 41 },
  ];

  it("are calculated from readings during the traffic", () => {
    expect(processorsInUse(readings, 100, 130)).toBe(1.5);
  });

  it("are calculated from readings in any order", () => {
    expect(processorsInUse(readings.toReversed(), 100, 130)).toBe(1.5);
  });

  it("are unknown after one reading", () => {
    expect(processorsInUse(readings, 100, 110)).toBeUndefined();
    expect(processorsInUse(readings, 100, 114)).toBe(1.5);
  });

  it("are unknown after the same reading received twice", () => {
    expect(
      processorsInUse(
        [readings[1], readings[1]].flatMap((one) => one ?? []),
        100,
        130,
      ),
    ).toBeUndefined();
  });
});
