import { describe, expect, it, vi } from "vitest";
import { composed, Flights } from "../../../rehearsal/faults/flights.ts";
import { Injector } from "../../../rehearsal/faults/injector.ts";
import { Activity } from "../../../simulator/world/activity.ts";
import type { Fault } from "../../../simulator/world/fault.ts";
import type { Call } from "../../../simulator/world/interference.ts";

const fast = { millisecondsPerSecond: 0.001 };

function call(overrides: Partial<Call> = {}): Call {
  const subject = { urn: "urn:network", type: "aws:ec2/vpc:Vpc", name: "network" };
  return { provider: "aws", operation: "create", subject, ...overrides };
}

const fault: Fault = { target: "Vpc", operation: "create", kind: "error", when: "once" };

/** Makes a number of calls; the result of each, and how often the work was done. */
async function outcomes(faults: readonly Fault[], calls: number) {
  const injector = new Injector(faults);
  const work = vi.fn(async () => "done");
  const results: string[] = [];
  for (let index = 0; index < calls; index += 1) {
    results.push(await injector.interfere(call(), new Activity(fast), work).catch((error) => error.message));
  }
  return { results, worked: work.mock.calls.length, injected: injector.injected.length };
}

const refusal =
  "creating ec2 Vpc (network): https response error StatusCode: 503, api error ServiceUnavailable: Service is unable to handle request";

describe("An injected fault", () => {
  it.each([
    ["once", [refusal, "done", "done"], 2],
    [2, ["done", refusal, "done"], 2],
    ["always", [refusal, refusal, refusal], 0],
  ] as const)(
    "that comes about %s refuses the calls before anything happens",
    async (when, results, worked) => {
      expect(await outcomes([{ ...fault, when }], 3)).toEqual({ results, worked, injected: 3 - worked });
    },
  );

  it("loses the answer after the work was done", async () => {
    const { results, worked } = await outcomes([{ ...fault, kind: "lost" }], 1);

    expect(results[0]).toContain("connection reset by peer");
    expect(worked).toBe(1);
  });

  it("hangs, and then times out", async () => {
    const { results, worked } = await outcomes([{ ...fault, kind: "stall" }], 2);

    expect(results).toEqual([expect.stringContaining("(timeout: 20m0s)"), "done"]);
    expect(worked).toBe(1);
  });

  it("leaves other operations and resources alone", async () => {
    const injector = new Injector([fault]);
    const other = { urn: "urn:role", type: "aws:iam/role:Role", name: "role" };
    const done = async () => "done";
    const activity = new Activity(fast);

    expect(await injector.interfere(call({ operation: "delete" }), activity, done)).toBe("done");
    expect(await injector.interfere(call({ subject: other }), activity, done)).toBe("done");
    expect(injector.cameAbout(fault)).toBe(false);
  });

  it("counts for each resource by itself", async () => {
    const injector = new Injector([{ ...fault, target: "*" }]);
    const other = call({ subject: { urn: "urn:role", type: "aws:iam/role:Role", name: "role" } });
    const failed = (of: Call) =>
      injector.interfere(of, new Activity(fast), async () => false).catch(() => true);

    expect([await failed(call()), await failed(other), await failed(call())]).toEqual([true, true, false]);
  });
});

describe("Flights", () => {
  it("have landed when no call is under way, and go around what follows", async () => {
    const flights = new Flights();
    const activity = new Activity(fast);
    const done: string[] = [];
    const interfere = composed(flights.interfere, new Injector([]).interfere);
    const flying = interfere(call(), activity, async () => {
      await activity.work(50);
      done.push("work");
    });
    await flights.landed();
    done.push("landed");
    await flying;

    expect(done).toEqual(["work", "landed"]);
  });
});
