import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Activity, TimedOut, type Wait } from "../../../simulator/world/activity.ts";

let activity: Activity;

beforeEach(() => {
  activity = new Activity({ millisecondsPerSecond: 0.01, stallMilliseconds: 15 });
});

afterEach(() => activity.stop());

function wait(what: string, timeoutSeconds = 600): Wait {
  return { urn: `urn:pulumi:dev::test::t::${what}`, what, providedBy: [], timeoutSeconds };
}

describe("work", () => {
  it("takes its seconds, scaled, and tells when it is done", async () => {
    const slow = new Activity({ millisecondsPerSecond: 2 });
    let notified = 0;
    slow.onChange(() => {
      notified += 1;
    });
    const begin = performance.now();
    await slow.work(10);

    expect(performance.now() - begin).toBeGreaterThan(18);
    expect(notified).toBe(1);
  });

  it("that has no waiting caller is done before listeners are notified", async () => {
    const seen: string[] = [];
    activity.onChange(() => seen.push("notified"));
    activity.after(1, () => seen.push("done"));
    expect(seen).toEqual([]);
    await sleep(5);
    expect(seen).toEqual(["done", "notified"]);
  });
});

describe("waiting", () => {
  it("does not wait for what holds already", async () => {
    await activity.until(wait("a node"), () => true);

    expect(activity.waiting).toEqual([]);
  });

  it("ends when a change makes it hold, and is listed until then", async () => {
    let there = false;
    const waited = activity.until(wait("a node"), () => there);
    activity.changed();
    expect(activity.waiting).toEqual([wait("a node")]);
    there = true;
    activity.changed();
    await waited;
    expect(activity.waiting).toEqual([]);
    expect(activity.timedOut).toEqual([]);
  });

  it("sees what notified listeners do", async () => {
    let there = false;
    activity.onChange(() => {
      there = true;
    });
    const waited = activity.until(wait("a node"), () => there);
    activity.changed();

    await expect(waited).resolves.toBeUndefined();
  });

  it("fails with what it waited for when nothing happens any more", async () => {
    const waited = activity.until(wait("a node", 900), () => false);

    await expect(waited).rejects.toThrow(/^timed out after 900 s waiting for a node$/);
    await expect(waited).rejects.toBeInstanceOf(TimedOut);
    expect(activity.timedOut).toEqual([wait("a node", 900)]);
    expect(activity.waiting).toEqual([]);
  });

  it("goes on as long as something works, however long that takes", async () => {
    const slow = new Activity({ millisecondsPerSecond: 1, stallMilliseconds: 5 });
    let there = false;
    slow.after(60, () => {
      there = true;
    });

    await expect(slow.until(wait("a node", 1), () => there)).resolves.toBeUndefined();
  });

  it("continues as long as listeners are notified", async () => {
    let there = false;
    const waited = activity.until(wait("a node"), () => there);
    for (let times = 0; times < 8; times += 1) {
      await sleep(5);
      activity.changed();
    }
    there = true;
    activity.changed();

    await expect(waited).resolves.toBeUndefined();
  });

  it("fails first where the real service gives up first", async () => {
    const failed: string[] = [];
    const waits = [wait("late", 900), wait("early", 30), wait("middle", 600)].map((one) =>
      activity.until(one, () => false).catch(() => void failed.push(one.what)),
    );
    await Promise.all(waits);

    expect(failed).toEqual(["early", "middle", "late"]);
    expect(activity.timedOut.map(({ what }) => what)).toEqual(["early", "middle", "late"]);
  });

  it("lets a later wait end when an earlier one has failed", async () => {
    let there = false;
    const first = activity
      .until(wait("early", 30), () => false)
      .catch(() => {
        there = true;
        activity.changed();
      });
    await activity.until(wait("late", 900), () => there);
    await first;

    expect(activity.timedOut.map(({ what }) => what)).toEqual(["early"]);
  });
});

describe("once it is stopped", () => {
  it("a wait neither ends nor fails", async () => {
    const ended: string[] = [];
    const end = () => void ended.push("ended");
    void activity.until(wait("before"), () => false).then(end, end);
    activity.stop();
    void activity.until(wait("after"), () => false).then(end, end);
    activity.changed();
    await sleep(40);

    expect(ended).toEqual([]);
    expect(activity.timedOut).toEqual([]);
  });

  it("nothing is notified, and pending work has no effect", async () => {
    const seen: string[] = [];
    activity.onChange(() => seen.push("notified"));
    activity.after(1, () => seen.push("done"));
    activity.stop();
    activity.changed();
    await sleep(10);

    expect(seen).toEqual([]);
  });
});
