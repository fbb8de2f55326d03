import { nameOf, resourcesOf } from "../../../infra/commands/shared/graph.ts";
import type { Progress } from "../../../infra/commands/shared/progress.ts";
import { type Fault, faultText, type Interruption, type Target } from "../../simulator/world/fault.ts";
import { broken, type Check, leftovers } from "../checks.ts";
import { type Draft, emptyDraft } from "../draft.ts";
import { EngineError } from "../engine.ts";
import type { Stage } from "../options.ts";
import type { Rehearsal } from "../rehearsal.ts";
import type { FaultsData } from "../reports/reportData.ts";
import { changedConfig, unprotectedConfig } from "./changes.ts";
import { Chronicle } from "./chronicle.ts";
import { converges, leavesNothing } from "./convergence.ts";
import { interrupt } from "./interrupt.ts";
import { type Life, type LifeOptions, startLife } from "./life.ts";
import { replaceFailedNodeGroups } from "./recovery.ts";
import { typeOf } from "./state.ts";
import { survived } from "./survived.ts";
import { checkTargets } from "./targets.ts";

export interface FaultyOptions extends LifeOptions {
  readonly faults: readonly Fault[];
  readonly interruption?: Interruption;
  /** Last stage to run. Default destroy. */
  readonly until?: Stage;
  readonly progress?: Progress;
}

/** Result of a rehearsal with faults. The resources are those after the last `up`. */
export type FaultyRehearsal = Rehearsal & { readonly faults: FaultsData };

/** One such run. */
interface Run {
  readonly life: Life;
  readonly options: FaultyOptions;
  readonly chronicle: Chronicle;
  readonly draft: Draft;
}

/** Attempts at an operation while faults still occur. */
const maxAttempts = 100;

/** Runs the program with faults, follows the documentation, and checks the result. */
export async function rehearseFaults(options: FaultyOptions): Promise<FaultyRehearsal> {
  const { settings, until = "destroy", progress } = options;
  const life = await startLife(options);
  const chronicle = new Chronicle(life.injector, progress);
  const draft = emptyDraft(settings, until);
  try {
    await stages({ life, options, chronicle, draft });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    draft.timedOut = [...life.world.activity.timedOut];
    draft.checks = [...draft.checks, failed(error)];
  } finally {
    await life.end();
  }
  draft.problems = [...broken(draft.checks), ...unused(life, options, chronicle)];
  return { ...draft, faults: survived(options, chronicle.attempts, settings.cluster.name) };
}

async function stages(run: Run): Promise<void> {
  const { life, options, chronicle, draft } = run;
  await chronicle.step("preview", async () => checkTargets(options.faults, await targetsOf(run)));
  life.injector.add(...options.faults);
  if (draft.until === "preview") return;
  if (options.interruption !== undefined) await interrupt(life, chronicle, options.interruption);
  await untilCalm(run, "pulumi up", () => life.engine.up());
  await replaceNodeGroups(run);
  await furtherOperations(run);
  draft.checks = await chronicle.step("pulumi up, pulumi preview", () => converges(life), broken);
  draft.resources = resourcesOf(await life.engine.deployment());
  if (draft.until !== "destroy") return;
  if (draft.settings.cluster.deletionProtection) {
    await life.engine.configure(unprotectedConfig(options));
    await untilCalm(run, "pulumi up, without deletion protection", () => life.engine.up());
  }
  await untilCalm(run, "pulumi destroy", () => life.engine.destroy());
  const checks = await chronicle.step("check what is left", () => leavesNothing(life), broken);
  draft.checks = [...draft.checks, ...checks];
  draft.leftBehind = leftovers(life.world);
}

async function replaceNodeGroups({ life, chronicle }: Run): Promise<void> {
  const replaced = await chronicle.step("check the node groups", () => replaceFailedNodeGroups(life));
  if (replaced.length === 0) return;
  const notes = replaced.map((urn) => `replaced the node group ${nameOf(urn)}, which had failed`);
  chronicle.note("pulumi up --replace", { notes, isRemedy: true });
}

/** Triggers the faults of operations other than creations. */
async function furtherOperations(run: Run): Promise<void> {
  const { life, options } = run;
  const operations = new Set(options.faults.map(({ operation }) => operation));
  if (operations.has("read")) await untilCalm(run, "pulumi refresh", () => life.engine.refresh());
  if (!operations.has("update")) return;
  await life.engine.configure(changedConfig(options));
  await untilCalm(run, "pulumi up, with changes", () => life.engine.up());
  await life.engine.configure(options.config);
}

/** Repeats an operation while new faults occur. */
async function untilCalm(
  { options, chronicle }: Run,
  command: string,
  operate: () => Promise<unknown>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const failure = await chronicle.attempt(command, operate);
    if (failure === undefined) return;
    const hasInjected = (chronicle.attempts.at(-1)?.injected.length ?? 0) > 0;
    const isOver = options.faults.every(({ when }) => when !== "always") && hasInjected;
    // The consequences of an earlier fault may fail once more, as nodes do without their operator.
    if (!isOver || attempt === maxAttempts) throw failure;
  }
}

/** Every resource that a preview shows; what a component creates later, with a cluster, by type. */
async function targetsOf({ life: { engine }, draft }: Run): Promise<Target[]> {
  const urns = new Set<string>();
  draft.previewed = await engine.preview(({ resourcePreEvent }) => {
    if (resourcePreEvent !== undefined) urns.add(resourcePreEvent.metadata.urn);
  });
  const chart = "tigera-operator:tigera-operator/tigera-operator";
  const ofChart = ["kubernetes:core/v1:ServiceAccount", "kubernetes:apps/v1:Deployment"];
  return [
    ...[...urns].map((urn) => ({ type: typeOf(urn), name: nameOf(urn) })),
    ...ofChart.map((type) => ({ type, name: chart })),
  ];
}

function failed(error: EngineError): Check {
  return { name: "every operation succeeds in the end", failures: [error.message] };
}

/** Faults that never occurred: a rehearsal that shows nothing must not look like a success. */
function unused(
  { injector }: Life,
  { faults, interruption, until = "destroy" }: FaultyOptions,
  { attempts }: Chronicle,
): string[] {
  if (until === "preview") return [];
  const wasInterrupted = attempts.some(({ interruption: signal }) => signal !== undefined);
  return [
    ...(interruption === undefined || wasInterrupted
      ? []
      : [`--kill-after ${interruption.afterEvents} never occurred: up had fewer events`]),
    ...faults
      .filter((fault) => !injector.cameAbout(fault))
      .map((fault) => `--fault ${faultText(fault)} never occurred`),
  ];
}
