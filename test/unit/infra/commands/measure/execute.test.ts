import { describe, expect, it } from "vitest";
import { blocks, execute, type Schedule } from "../../../../../infra/commands/measure/execute.ts";
import { kinds, measurements } from "../../../../../infra/commands/measure/measurements.ts";
import { ToolError } from "../../../../../infra/commands/measure/tools.ts";
import { UserError } from "../../../../../infra/commands/shared/errors.ts";

const wanted = ["take-in", "first-packet/1", "first-packet/100"];
const { measured } = measurements({ hasThird: false, hasOutside: false, services: [1, 100], only: kinds });

/** A schedule of two modes, two runs each, carried out on nothing; a step that is named fails. */
function carriedOut(change: Partial<Schedule> = {}, signal = new AbortController().signal) {
  const steps: string[] = [];
  const schedule: Schedule = {
    blocks: blocks(["tunnel", "dsr"], 2),
    measured: measured.filter(({ id }) => wanted.includes(id)),
    signal,
    teller: { start: () => {}, done: () => {}, fail: () => {} },
    switchTo: async (mode) => void steps.push(`mode ${mode}`),
    setServices: async (count) => void steps.push(`services ${count}`),
    measure: async ({ id }) => {
      steps.push(id);
      return { values: { connect: 1 } };
    },
    ...change,
  };
  return { steps, result: execute(schedule) };
}

describe("a schedule", () => {
  it("switches, measures, and makes services only where they are needed", async () => {
    const { steps, result } = carriedOut();
    await result;

    expect(steps.slice(0, 7)).toEqual([
      "mode tunnel",
      "take-in",
      "services 1",
      "first-packet/1",
      "services 100",
      "first-packet/100",
      "services 0",
    ]);
    expect(steps.filter((step) => step.startsWith("mode"))).toEqual([
      "mode tunnel",
      "mode dsr",
      "mode tunnel",
    ]);
  });

  it("keeps every run with its mode and block", async () => {
    const { runs, failed } = await carriedOut().result;

    expect(failed).toEqual([]);
    expect(
      runs
        .filter(({ measurement }) => measurement === "first-packet/100")
        .map(({ mode, block }) => [mode, block]),
    ).toEqual([
      ["tunnel", 0],
      ["dsr", 1],
      ["dsr", 1],
      ["tunnel", 2],
    ]);
  });

  it("tries a tool that failed once more", async () => {
    let times = 0;
    const { runs, failed } = await carriedOut({
      measure: async () => {
        times += 1;
        if (times === 1) throw new ToolError("busy");
        return { values: { connect: 1 } };
      },
    }).result;

    expect(failed).toEqual([]);
    expect(runs).toHaveLength(11);
  });

  it("leaves out a measurement whose tool fails twice, in every mode, and goes on with the others", async () => {
    let isBroken = false;
    const { result } = carriedOut({
      switchTo: async (mode) => {
        isBroken = mode === "dsr";
      },
      measure: async ({ id }) => {
        if (isBroken && id === "first-packet/1") throw new ToolError("curl: 5 of 20 requests failed");
        return { values: { connect: 1 } };
      },
    });
    const { runs, failed } = await result;

    expect(failed).toEqual([
      {
        id: "first-packet/1",
        title: "new connections to a ClusterIP, number of services: 1",
        why: "curl: 5 of 20 requests failed",
      },
    ]);
    expect([...new Set(runs.map(({ measurement }) => measurement))]).toEqual(["take-in", "first-packet/100"]);
  });

  it.each([
    ["a switch", { switchTo: () => Promise.reject(new UserError("up failed")) }, "up failed"],
    [
      "making services",
      { setServices: () => Promise.reject(new UserError("no address left")) },
      "no address left",
    ],
    [
      "the cluster",
      { measure: () => Promise.reject(new UserError("the connection is cut")) },
      "the connection is cut",
    ],
  ])("ends when %s fails", async (_, change, problem) => {
    await expect(carriedOut(change).result).rejects.toThrow(problem);
  });

  it("ends between two runs when it is interrupted", async () => {
    const ending = new AbortController();
    let times = 0;
    const { result } = carriedOut(
      {
        measure: async () => {
          times += 1;
          ending.abort(new UserError("interrupted"));
          return { values: {} };
        },
      },
      ending.signal,
    );

    await expect(result).rejects.toThrow("interrupted");
    expect(times).toBe(1);
  });
});
