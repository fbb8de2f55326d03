import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { nameOf, resourcesOf } from "../../infra/commands/shared/graph.ts";
import type { Progress } from "../../infra/commands/shared/progress.ts";
import type { KubernetesDouble } from "../simulator/world/kubernetesDouble.ts";
import type { World } from "../simulator/world/world.ts";
import { broken, checkCluster, leftovers } from "./checks.ts";
import { type Draft, emptyDraft } from "./draft.ts";
import { type Engine, EngineError } from "./engine.ts";
import { typeOf } from "./faults/state.ts";
import { operationCounter } from "./operations.ts";
import type { Rehearsal, RehearseOptions, Up } from "./rehearsal.ts";
import { countsOf } from "./reports/dataOf.ts";
import { startedEngine, startedWorld } from "./start.ts";
import { findDeadlocks } from "./timeline/deadlocks.ts";

/**
 * Runs the program on the real engine against a simulated AWS: preview, up, preview without change, refresh, preview
 * without change, destroy.
 */
export async function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  const { until = "destroy", settings, progress } = options;
  const draft = emptyDraft(settings, until);
  const world = await startedWorld(options);
  let engine: Engine | undefined;
  try {
    engine = await startedEngine(options, world);
    await stages({ engine, world, draft, progress, config: options.config, onUp: options.onUp });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    progress?.fail();
    draft.problems.push(...error.diagnostics.map(({ message }) => message), ...notReady(world));
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
  readonly progress: Progress | undefined;
  readonly config: RehearseOptions["config"];
  readonly onUp: RehearseOptions["onUp"];
}

async function stages(run: Run): Promise<void> {
  const { engine, world, draft, progress } = run;
  progress?.start("preview");
  draft.previewed = await engine.preview(watch(run));
  progress?.done(counts(draft.previewed));
  if (draft.until === "preview") return;

  progress?.start("up");
  draft.outputs = await engine.up(watch(run));
  draft.resources = resourcesOf(await engine.deployment());
  draft.checks = checkCluster(world, draft.settings);
  const failures = broken(draft.checks);
  end(progress, failures, `${countsOf(draft.resources).total} resources`);
  draft.problems.push(...failures, ...((await run.onUp?.({ engine, world })) ?? []));

  await previewAgain(run, "a second preview");
  if (draft.until === "up") return;

  await searchForDrift(run);
  progress?.start("refresh");
  await engine.refresh(watch(run));
  progress?.done();
  await previewAgain(run, "a preview after a refresh");

  if (draft.settings.cluster.deletionProtection) await liftProtection(run);
  progress?.start("destroy");
  await engine.destroy(watch(run));
  draft.leftBehind = leftovers(world);
  draft.problems.push(...draft.leftBehind.map((one) => `left behind: ${one}`));
  const { leftBehind } = draft;
  end(
    progress,
    leftBehind,
    leftBehind.length === 0 ? "nothing left behind" : `${leftBehind.length} left behind`,
  );
}

/** A preview that must find nothing to do. */
async function previewAgain(run: Run, which: string): Promise<void> {
  const { engine, draft, progress } = run;
  progress?.start("preview again");
  const watching = watch(run);
  const named: string[] = [];
  const again = await engine.preview((event) => {
    watching(event);
    named.push(...changeOf(event));
  });
  const changes = changed(again);
  if (changes.length > 0) {
    const count = counts(Object.fromEntries(changes));
    draft.problems.push(`${which} shows changes: ${[count, ...named].join("; ")}`);
  }
  end(progress, changes, changes.length > 0 ? counts(again) : "no change");
}

/** `update Addon coredns (addonVersion)`, when the event is about a resource that changes. */
function changeOf({ resourcePreEvent }: EngineEvent): string[] {
  const { op, urn, diffs } = resourcePreEvent?.metadata ?? { op: "same", urn: "" };
  if (op === "same") return [];
  const fields = (diffs ?? []).length === 0 ? "" : ` (${diffs?.join(", ")})`;
  return [`${op} ${typeOf(urn).split(":").at(-1)} ${nameOf(urn)}${fields}`];
}

/** The nightly drift detection: right after an `up` it must find nothing. */
async function searchForDrift(run: Run): Promise<void> {
  const { engine, draft, progress } = run;
  progress?.start("drift detection");
  const drift = changed(await engine.drift(watch(run)));
  if (drift.length > 0)
    draft.problems.push(`drift detection shows changes: ${counts(Object.fromEntries(drift))}`);
  end(progress, drift, drift.length > 0 ? counts(Object.fromEntries(drift)) : "no change");
}

function changed(summary: Partial<Record<string, number>>): [operation: string, count: number | undefined][] {
  return Object.entries(summary).filter(([operation]) => operation !== "same");
}

/** What the simulated cluster reports about its nodes; the provider's error does not. */
function notReady({ kubernetes }: World<KubernetesDouble>): string[] {
  return kubernetes
    .reports()
    .flatMap(({ nodeName, problem }) =>
      problem === undefined ? [] : [`calico-node on ${nodeName} is not ready: ${problem}`],
    );
}

/** A protected cluster: a destroy must be refused in its preview, without changes; then the protection is turned off. */
async function liftProtection(run: Run): Promise<void> {
  const { engine, world, draft, progress, config } = run;
  progress?.start("destroy, which deletion protection must refuse");
  const before = leftovers(world).length;
  const refused = await engine.previewDestroy(watch(run)).then(
    () => false,
    (error: unknown) => error instanceof EngineError,
  );
  const lost = before - leftovers(world).length;
  if (!refused || lost > 0) draft.problems.push("deletion protection had no effect");
  end(progress, refused && lost === 0 ? [] : [lost], refused ? "refused" : "not refused");

  progress?.start("up without deletion protection");
  const key = `${draft.settings.project}:cluster`;
  await engine.configure({ ...config, [key]: { ...(config[key] as object), deletionProtection: false } });
  await engine.up(watch(run));
  progress?.done();
}

/** Ends a step: as done only without problems. */
function end(progress: Progress | undefined, wrong: readonly unknown[], summary: string): void {
  if (wrong.length === 0) progress?.done(summary);
  else progress?.fail(summary);
}

/** Shows how far the engine is, and what the simulation waits for. */
function watch({ progress, world, engine }: Run): (event: EngineEvent) => void {
  const counter = operationCounter(engine.planned);
  return (event) => {
    const done = counter(event);
    const [wait] = world.activity.waiting;
    progress?.update(
      [
        `${done} of ${engine.planned.length} done`,
        ...(wait === undefined ? [] : [`waiting for ${wait.what}`]),
      ].join(" · "),
    );
  };
}

function counts(summary: Partial<Record<string, number>>): string {
  return Object.entries(summary)
    .map(([operation, count]) => `${count} to ${operation}`)
    .join(", ");
}
