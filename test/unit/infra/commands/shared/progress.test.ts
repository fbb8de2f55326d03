import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { duration, Progress } from "../../../../../infra/commands/shared/progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const erase = "\r\u001b[2K";

function fakeStream(terminal: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  /** What was written since the last look. */
  const fresh = () => written.splice(0).join("");
  return { progress: new Progress({ ...terminal, write: (text) => written.push(text) }), fresh };
}

describe("progress in a file or a pipe", () => {
  it("is a plain line at the start, every 10 s and at the end", () => {
    const { progress, fresh } = fakeStream();

    progress.start("up", "63 resources");
    expect(fresh()).toBe("… up · 63 resources\n");

    progress.update("41 of 63 resources · waiting for a node");
    vi.advanceTimersByTime(9_999);
    expect(fresh()).toBe("");
    vi.advanceTimersByTime(10_001);
    expect(fresh()).toBe(
      "… up · 10.0 s · 41 of 63 resources · waiting for a node\n… up · 20.0 s · 41 of 63 resources · waiting for a node\n",
    );

    vi.advanceTimersByTime(2_300);
    progress.done("63 resources");
    expect(fresh()).toBe("✓ up · 22.3 s · 63 resources\n");
  });

  it("has no control characters", () => {
    const { progress, fresh } = fakeStream();

    progress.start("up");
    progress.note("a note");
    progress.fail("refused");
    expect(fresh()).toBe("… up\na note\n✗ up · 0.0 s · refused\n");
  });
});

describe("progress on a terminal", () => {
  it("rewrites one line while a step runs and leaves its summary", () => {
    const { progress, fresh } = fakeStream({ isTTY: true });

    progress.start("up");
    expect(fresh()).toBe(`${erase}⠋ up · 0.0 s`);

    progress.update("41 of 63 resources");
    vi.advanceTimersByTime(200);
    expect(fresh()).toBe(
      `${erase}⠙ up · 0.1 s · 41 of 63 resources${erase}⠹ up · 0.2 s · 41 of 63 resources`,
    );

    progress.done("63 resources");
    expect(fresh()).toBe(`${erase}✓ up · 0.2 s · 63 resources\n`);
  });

  it("puts a note above the running step", () => {
    const { progress, fresh } = fakeStream({ isTTY: true });
    progress.start("up");
    fresh();

    progress.note("a note");
    expect(fresh()).toBe(`${erase}a note\n${erase}⠋ up · 0.0 s`);
  });

  it("cuts the running line to the terminal's width, never the summary", () => {
    const { progress, fresh } = fakeStream({ isTTY: true, columns: 20 });

    progress.start("up", "waiting for\na node");
    expect(fresh()).toBe(`${erase}⠋ up · 0.0 s · wai…`);
    progress.done("waited for a node for long");
    expect(fresh()).toBe(`${erase}✓ up · 0.0 s · waited for a node for long\n`);
  });
});

describe("the steps of progress", () => {
  it("run one at a time: the next one ends the one before", () => {
    const { progress, fresh } = fakeStream();

    progress.start("preview");
    progress.start("up");
    expect(fresh()).toBe("… preview\n✓ preview · 0.0 s\n… up\n");
  });

  it.each(["done", "fail"] as const)("leave no timer after %s", (end) => {
    const { progress } = fakeStream({ isTTY: true });

    progress.start("preview");
    progress.start("up");
    expect(vi.getTimerCount()).toBe(1);
    progress[end]();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("never keep the process alive", () => {
    const { progress } = fakeStream();
    const setInterval = vi.spyOn(globalThis, "setInterval");

    progress.start("up");
    expect(setInterval.mock.results[0]?.value.hasRef()).toBe(false);
  });

  it("can be updated and ended when none runs, to no effect", () => {
    const { progress, fresh } = fakeStream();

    progress.update("nothing");
    progress.done("nothing");
    progress.fail("nothing");
    expect(fresh()).toBe("");
  });
});

it.each([
  [0, "0.0 s"],
  [12_345, "12.3 s"],
  [59_949, "59.9 s"],
  [59_999, "1 min 00 s"],
  [245_000, "4 min 05 s"],
])("%i ms reads %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
