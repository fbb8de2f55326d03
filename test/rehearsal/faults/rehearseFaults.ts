import type { Check } from "../checks.ts";
import { EngineError } from "../engine.ts";
import type { Stage } from "../options.ts";
import type { Progress } from "../progress.ts";
import { nameOf } from "../timeline/graph.ts";
import { broken, converges, leavesNothing } from "./convergence.ts";
import { checkTargets, type Fault, type Interruption, type Target } from "./fault.ts";
import { interruptedUp } from "./interruption.ts";
import { type Life, type LifeOptions, startLife } from "./life.ts";
import { recover, replaceFailedNodeGroups } from "./recovery.ts";
import { typeOf } from "./state.ts";

export interface FaultyOptions extends LifeOptions {
  readonly faults: readonly Fault[];
  readonly interruption?: Interruption;
  /** Last stage to run. Default destroy. */
  readonly until?: Stage;
  readonly progress?: Progress;
}

/** What came of a rehearsal in which something went wrong. */
export interface FaultyRehearsal {
  /** What happened on the way, a line each. */
  readonly story: readonly string[];
  readonly checks: readonly Check[];
  /** What differed from what it should be; empty: all went well. */
  readonly problems: readonly string[];
}

/** What a run of faults is told with. */
interface Telling {
  readonly life: Life;
  readonly options: FaultyOptions;
  readonly story: string[];
}

/** Times that an operation is tried while faults go on coming about. */
const maxAttempts = 100;

/** Runs the program while things go wrong, does what the documentation says, and judges what comes of it. */
export async function rehearseFaults(options: FaultyOptions): Promise<FaultyRehearsal> {
  const { faults, interruption, until = "destroy" } = options;
  const life = await startLife(options);
  const of: Telling = { life, options, story: [] };
  const checks: Check[] = [];
  try {
    checkTargets(faults, await step(of, "preview", () => targetsOf(life)));
    life.injector.add(...faults);
    if (until !== "preview") {
      if (interruption !== undefined) await step(of, "up, interrupted", () => interrupt(of, interruption));
      await disturbedSteps(of);
      checks.push(...(await step(of, "up, and a preview", () => converges(life))));
    }
    if (until === "destroy") {
      await untilCalm(of, "destroy", () => life.engine.destroy());
      checks.push(...(await step(of, "destroy", () => leavesNothing(life))));
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    options.progress?.fail();
    checks.push({ name: "every operation succeeds in the end", failures: [error.message] });
  } finally {
    await life.end();
  }
  return { story: of.story, checks, problems: [...broken(checks), ...unused(life, options)] };
}

/** Does what makes the faults come about, each time again until they are over. */
async function disturbedSteps(of: Telling): Promise<void> {
  const { life, options } = of;
  const operations = new Set(options.faults.map(({ operation }) => operation));
  await untilCalm(of, "up", () => life.engine.up());
  const replaced = await step(of, "look at the node groups", () => replaceFailedNodeGroups(life));
  of.story.push(...replaced.map((urn) => `replaced the node group ${nameOf(urn)}, which had failed`));
  if (operations.has("read")) await untilCalm(of, "refresh", () => life.engine.refresh());
  if (!operations.has("update")) return;
  // Every resource of AWS has tags, and what is in the cluster follows another way of handing packets on.
  const key = (name: string) => `${options.settings.project}:${name}`;
  const { [key("calico")]: calico = {}, [key("tags")]: tags = {} } = options.config;
  const externalService = options.settings.calico.externalService === "DSR" ? "Tunnel" : "DSR";
  const bpf = options.settings.calico.dataplane === "BPF";
  await life.engine.configure({
    ...options.config,
    [key("tags")]: { ...(tags as object), rehearsal: "updated" },
    [key("calico")]: { ...(calico as object), ...(bpf ? { externalService } : {}) },
  });
  await untilCalm(of, "up with changes", () => life.engine.up());
  await life.engine.configure(options.config);
}

/** Interrupts `up`, and after a kill does what the documentation says. */
async function interrupt({ life, story }: Telling, interruption: Interruption): Promise<void> {
  const { hit, succeeded, events } = await interruptedUp(life, interruption);
  const { signal, afterEvents } = interruption;
  if (!hit) {
    story.push(`up was done after ${events} events, before it could be interrupted after ${afterEvents}`);
    return;
  }
  story.push(`${signal} after ${afterEvents} events: up ${succeeded ? "succeeded all the same" : "ended"}`);
  if (signal !== "SIGKILL") return;
  const inFlight = await recover(life);
  story.push(
    `${inFlight.length} operations were in flight`,
    ...inFlight.map(({ urn, type, id }) => {
      const came = id === undefined ? "" : `: ${id} had come about, and was put into the state`;
      return `  ${type} ${typeOf(urn)} ${nameOf(urn)}${came}`;
    }),
  );
}

/** Repeats an operation while new faults come about that are over then. */
async function untilCalm(of: Telling, name: string, operate: () => Promise<unknown>): Promise<void> {
  const { life, options, story } = of;
  for (let attempt = 1; ; attempt += 1) {
    const before = life.injector.injected.length;
    const failure = await step(of, attempt === 1 ? name : `${name} again`, async () => {
      try {
        await operate();
        return undefined;
      } catch (error) {
        if (error instanceof EngineError) return error;
        throw error;
      }
    });
    const injected = life.injector.injected.slice(before);
    story.push(
      `${name} ${failure === undefined ? "succeeded" : "failed"}`,
      ...injected.map(({ urn, operation, kind }) => `  ${operation} ${typeOf(urn)} ${nameOf(urn)}: ${kind}`),
    );
    if (failure === undefined) return;
    const isOver = options.faults.every(({ when }) => when !== "always") && injected.length > 0;
    // What a fault of an earlier attempt has brought about fails once more, as nodes do without their operator.
    if (!isOver || attempt === maxAttempts) throw failure;
  }
}

/** Every resource that a preview shows; what a component will make once there is a cluster goes by its types. */
async function targetsOf({ engine }: Life): Promise<Target[]> {
  const urns = new Set<string>();
  await engine.preview(({ resourcePreEvent }) => {
    if (resourcePreEvent !== undefined) urns.add(resourcePreEvent.metadata.urn);
  });
  const chart = "tigera-operator:tigera-operator/tigera-operator";
  const ofChart = ["kubernetes:core/v1:ServiceAccount", "kubernetes:apps/v1:Deployment"];
  return [
    ...[...urns].map((urn) => ({ type: typeOf(urn), name: nameOf(urn) })),
    ...ofChart.map((type) => ({ type, name: chart })),
  ];
}

/** Faults that never came about: a rehearsal that shows nothing must not look like one that passed. */
function unused({ injector }: Life, { faults, until = "destroy" }: FaultyOptions): string[] {
  if (until === "preview") return [];
  return faults
    .filter((fault) => !injector.cameAbout(fault))
    .map(({ target, operation, kind }) => `--fault ${target}:${operation}:${kind} never came about`);
}

async function step<Result>(
  { options: { progress } }: Telling,
  name: string,
  run: () => Promise<Result>,
): Promise<Result> {
  progress?.start(name);
  const result = await run();
  progress?.done();
  return result;
}
