import { checkCluster, leftovers } from "../checks.ts";
import { EngineError } from "../engine.ts";
import type { Rehearsal, RehearseOptions } from "../rehearse.ts";
import { startedEngine, startedWorld } from "../start.ts";
import { watchUnserved } from "../switching/watch.ts";
import { resourcesOf } from "../timeline/graph.ts";
import { changeData } from "./changeData.ts";
import type { Change } from "./noticed.ts";
import { stepCollector } from "./steps.ts";

export interface ChangeOptions extends Omit<RehearseOptions, "settings" | "until"> {
  readonly change: Change;
  /** The stack file's `config:` mapping after the change. */
  readonly changedConfig: Readonly<Record<string, unknown>>;
}

/** Mutable while it runs. */
type Draft = { -readonly [K in keyof Rehearsal]: Rehearsal[K] };

/** Brings a stack up as it is, changes it, looks at what happens on the way, and takes it down again. */
export async function rehearseChange(options: ChangeOptions): Promise<Rehearsal> {
  const { change, changedConfig, progress } = options;
  const problems: string[] = [];
  const draft: Draft = {
    settings: change.to,
    until: "destroy",
    problems,
    previewed: {},
    resources: [],
    outputs: {},
    checks: [],
    timedOut: [],
    deadlocks: [],
    leftBehind: undefined,
  };
  const step = async <Result>(name: string, run: () => Promise<Result>): Promise<Result> => {
    progress?.start(name);
    const result = await run();
    progress?.done();
    return result;
  };
  const world = await startedWorld({ ...options, settings: change.from });
  try {
    const engine = await startedEngine({ ...options, settings: change.from }, world);
    try {
      await step("up, as it is", () => engine.up());
      const unserved = watchUnserved(world);
      await engine.configure(changedConfig);
      draft.previewed = await step("preview of the change", () => engine.preview());
      const { steps, onEvent } = stepCollector();
      draft.outputs = await step("up with the change", () => engine.up(onEvent));
      draft.resources = resourcesOf(await engine.deployment());
      draft.change = changeData(change, steps, draft.resources);
      draft.checks = [
        ...checkCluster(world, change.to),
        {
          name: "services were served on every node throughout",
          failures: [...unserved].map((node) => `${node} was Ready, with neither eBPF nor kube-proxy`),
        },
      ];
      const again = stepCollector();
      await step("preview again", () => engine.preview(again.onEvent));
      problems.push(
        ...again.steps.map(({ operation, name }) => `a second preview shows a change: ${operation} ${name}`),
      );
      if (!change.to.cluster.deletionProtection) {
        await step("destroy", () => engine.destroy());
        draft.leftBehind = leftovers(world);
        problems.push(...draft.leftBehind.map((one) => `left behind: ${one}`));
      }
    } finally {
      await engine.remove();
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    progress?.fail();
    problems.push(...error.diagnostics.map(({ message }) => message));
    draft.timedOut = [...world.activity.timedOut];
  } finally {
    await world.stop();
  }
  const failed = draft.checks.flatMap(({ name, failures }) =>
    failures.map((failure) => `not true that ${name}: ${failure}`),
  );
  return { ...draft, problems: [...failed, ...problems] };
}
