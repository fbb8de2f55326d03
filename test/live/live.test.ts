import { afterAll, expect, inject, it } from "vitest";
import type { Live, Outcome } from "./check.ts";
import { checks } from "./checks/index.ts";
import { judge } from "./judge.ts";
import type { Run } from "./run.ts";
import { openLive } from "./session.ts";
import { removeProbes } from "./workloads/probes.ts";

declare module "vitest" {
  interface ProvidedContext {
    run: Run;
  }
  interface TaskMeta {
    outcome?: Outcome;
    /** Requests to the API server and to EC2 so far. */
    calls?: number;
  }
}

const { target, only, concurrency, imageRegistry } = inject("run");
const ending = new AbortController();
const live: Live = openLive(target, concurrency, ending.signal, imageRegistry);

afterAll(async () => {
  await removeProbes(live);
  live.cluster.close();
});

it.concurrent.for(checks.filter(({ name }) => only.includes(name)))(
  "$title",
  async (check, { task, signal }) => {
    signal.addEventListener("abort", () => ending.abort(new Error("interrupted")), { once: true });
    const outcome = await judge(check, live);
    task.meta.outcome = outcome;
    task.meta.calls = live.cluster.calls + live.ec2.calls;
    expect(["passed", "not applicable"]).toContain(outcome.verdict);
  },
);
