import type { MeasureData, Run } from "../../../../../infra/commands/measure/comparison.ts";
import { measurements, type Values } from "../../../../../infra/commands/measure/measurements.ts";
import type { ModeName } from "../../../../../infra/commands/measure/schedule.ts";

/** A run of measurements to begin with: three nodes, a client outside, tunnel against dsr, no run yet. */
export function measureData(change: Partial<MeasureData> = {}): MeasureData {
  const { measured, leftOut } = measurements({ nodes: 3, hasOutside: true, services: [1, 100] });
  const node = {
    instanceType: "m7i.xlarge",
    zone: "eu-west-1a",
    architecture: "amd64",
    kernel: "6.12.40-63.114.amzn2023.x86_64",
    kubelet: "v1.35.4",
  };
  return {
    version: 1,
    startedAt: "2026-11-21T16:00:00.000Z",
    cluster: {
      name: "dev",
      kubernetesVersion: "v1.35.4",
      calicoVersion: "v3.32.4",
      mtuBytes: 8951,
      encapsulation: "VXLAN",
      services: 3,
      nodes: ["client", "server", "NodePort"].map((part) => ({ ...node, part, name: `ip-${part}` })),
      outside: "bastion",
    },
    modes: ["tunnel", "dsr"],
    measured: measured.map(({ id, title, kind }) => ({ id, title, kind })),
    leftOut,
    runs: [],
    own: { wallSeconds: 3600, ownSeconds: 36, memoryMebibytes: 140 },
    ...change,
  };
}

/** Runs of one measurement in one mode and block, a value of one figure each. */
export function runs(
  measurement: string,
  mode: ModeName,
  figure: keyof Values,
  values: readonly number[],
  block = mode === "tunnel" ? 0 : 1,
): Run[] {
  return values.map((value) => ({
    mode,
    block,
    measurement,
    at: "2026-11-21T16:00:00.000Z",
    values: { [figure]: value },
  }));
}
