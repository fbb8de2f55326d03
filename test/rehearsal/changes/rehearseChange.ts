import { resourcesOf } from "../../../infra/commands/shared/graph.ts";
import { broken, checkCluster, leftovers } from "../checks.ts";
import { type Draft, emptyDraft } from "../draft.ts";
import { type Engine, EngineError } from "../engine.ts";
import type { Rehearsal, RehearseOptions, Up } from "../rehearsal.ts";
import { startedEngine, startedWorld } from "../start.ts";
import { watchUnserved } from "../switching/judgement.ts";
import { findDeadlocks } from "../timeline/deadlocks.ts";
import { changeData } from "./changeData.ts";
import type { Change } from "./noticed.ts";
import { stepCollector } from "./steps.ts";

export interface ChangeOptions extends Omit<RehearseOptions, "settings" | "until"> {
  readonly change: Change;
  /** The stack file's `config:` mapping after the change. */
  readonly changedConfig: Readonly<Record<string, unknown>>;
}

/** Brings a stack up, changes it, observes what happens during the change, and destroys it. */
export async function rehearseChange(options: ChangeOptions): Promise<Rehearsal> {
  const { change, progress } = options;
  const draft = emptyDraft(change.to, "destroy");
  const world = await startedWorld({ ...options, settings: change.from });
  let engine: Engine | undefined;
  try {
    engine = await startedEngine({ ...options, settings: change.from }, world);
    await stages({ engine, world, draft, options });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    progress?.fail();
    draft.problems.push(...error.diagnostics.map(({ message }) => message));
    draft.timedOut = [...world.activity.timedOut];
    draft.deadlocks = findDeadlocks(world.activity.timedOut, engine?.planned ?? []);
  } finally {
    draft.warnings = [...(engine?.warnings ?? [])];
    await world.stop();
    await engine?.remove();
  }
  return draft;
}

interface Run extends Up {
  readonly draft: Draft;
  readonly options: ChangeOptions;
}

async function stages({ engine, world, draft, options }: Run): Promise<void> {
  const { change, changedConfig, progress } = options;
  const step = async <Result>(
    name: string,
    run: () => Promise<Result>,
    wrong: () => readonly unknown[] = () => [],
  ): Promise<Result> => {
    progress?.start(name);
    const result = await run();
    if (wrong().length > 0) progress?.fail();
    else progress?.done();
    return result;
  };
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
  draft.problems.push(...broken(draft.checks), ...((await options.onUp?.({ engine, world })) ?? []));
  const again = stepCollector();
  await step(
    "preview again",
    () => engine.preview(again.onEvent),
    () => again.steps,
  );
  draft.problems.push(
    ...again.steps.map(({ operation, name }) => `a second preview shows a change: ${operation} ${name}`),
  );
  if (change.to.cluster.deletionProtection) return;
  await step(
    "destroy",
    async () => {
      await engine.refresh();
      await engine.destroy();
    },
    () => leftovers(world),
  );
  draft.leftBehind = leftovers(world);
  draft.problems.push(...draft.leftBehind.map((one) => `left behind: ${one}`));
}
