import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ProbeTarget } from "../../../simulator/dataPath/probes.ts";

// By the clock that a test turns.
vi.mock("node:timers/promises", () => ({
  setTimeout: (milliseconds: number) =>
    new Promise<void>((resolve) => void setTimeout(resolve, milliseconds)),
}));

// Loaded anew: another file may have loaded it with the clock as it is.
vi.resetModules();
const { answers, probe } = await import("../../../simulator/dataPath/probes.ts");

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A container whose readiness command ends with these codes, one after the other, the last one again and again. */
function container(codes: readonly number[], more: object = {}) {
  const at: number[] = [];
  const target = {
    ip: "192.168.0.1",
    space: {},
    container: {
      runs: true,
      plan: {
        spec: {
          name: "c",
          image: "i",
          readinessProbe: { exec: { command: ["ready"] }, periodSeconds: 30, ...more },
        },
      },
      run: async () => {
        const code = codes[Math.min(at.length, codes.length - 1)];
        at.push(Date.now());
        return { code, stdout: "", stderr: "" };
      },
    },
  };
  const seconds = () => at.map((time) => Math.round((time - (at[0] ?? 0)) / 1000));
  return { target: target as unknown as ProbeTarget, seconds };
}

it("looks at a container that is not ready more often than its period, and at a ready one no more than that", async () => {
  const { target, seconds } = container([1, 1, 0]);
  const said: boolean[] = [];
  void probe(target, { onReady: (ready) => said.push(ready), onFailed: () => {} });
  await vi.advanceTimersByTimeAsync(70_000);
  expect(seconds()).toEqual([0, 3, 6, 36, 66]);
  expect(said).toEqual([true, true, true]);
});

it("keeps to a period that is shorter", async () => {
  const { target, seconds } = container([1, 0], { periodSeconds: 1 });
  void probe(target, { onReady: () => {}, onFailed: () => {} });
  await vi.advanceTimersByTimeAsync(2500);
  expect(seconds()).toEqual([0, 1, 2]);
});

it("calls a container unready when it has failed as often as it may", async () => {
  const { target } = container([0, 1, 1, 1]);
  const said: boolean[] = [];
  void probe(target, { onReady: (ready) => said.push(ready), onFailed: () => {} });
  await vi.advanceTimersByTimeAsync(36_500);
  expect(said).toEqual([true, false]);
});

it("gives a connection its time, and the way into the node more", async () => {
  const run = vi.fn(async () => ({ code: 0, stdout: "", stderr: "" }));
  const target = { ip: "192.168.0.1", space: { run }, container: {} } as unknown as ProbeTarget;
  expect(await answers(target, { tcpSocket: { port: 80 } })).toBe(true);
  expect(run).toHaveBeenCalledExactlyOnceWith(
    ["timeout", "1", "bash", "-c", "exec 3<> /dev/tcp/192.168.0.1/80"],
    { timeoutSeconds: 6 },
  );
});
