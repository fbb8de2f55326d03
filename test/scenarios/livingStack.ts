import { onTestFinished } from "vitest";
import { notDrift } from "../../infra/commands/pipeline/steps/operate.ts";
import { stackSettings } from "../../infra/commands/shared/stackSettings.ts";
import { program } from "../../infra/program.ts";
import { stepCollector } from "../rehearsal/changes/steps.ts";
import { type Engine, EngineError } from "../rehearsal/engine.ts";
import { startedEngine } from "../rehearsal/start.ts";
import type { Kubernetes } from "../simulator/kubernetes/kubernetes.ts";
import { startWorld, type World } from "../simulator/world/world.ts";
import { cli, root } from "./rehearsed.ts";
import { type Tampering, tampered } from "./tampering.ts";

export interface LivingStack {
  readonly engine: Engine;
  readonly world: World<Kubernetes>;
}

export interface LivingOptions {
  readonly config: Readonly<Record<string, unknown>>;
  readonly parallel?: number;
  /** A mistake; undefined: none. May change between two operations. */
  readonly tampering?: () => Tampering | undefined;
}

/** Starts a stack of which nothing exists yet, in memory; it ends with the test. */
export async function livingStack({ config, parallel, tampering }: LivingOptions): Promise<LivingStack> {
  if (cli === undefined) throw new Error("no pulumi CLI: `npm run test:engine` gets one");
  const settings = stackSettings({ name: "dev", file: "a test", config: { ...config } });
  const world = await startWorld({ region: settings.region, stallMilliseconds: 1500 });
  onTestFinished(() => world.stop());
  const run = () => {
    const mistake = tampering?.();
    return mistake === undefined ? program() : tampered(program, mistake)();
  };
  const engine = await startedEngine(
    {
      program: run,
      command: cli.command,
      root,
      settings,
      config,
      ...(parallel === undefined ? {} : { parallel }),
    },
    world,
  );
  onTestFinished(() => engine.remove());
  return { engine, world };
}

/** What an operation does to resources, `update installation`, in alphabetical order. */
export async function stepsOf(
  run: (onEvent: Parameters<Engine["preview"]>[0]) => Promise<unknown>,
): Promise<string[]> {
  const collector = stepCollector();
  await run(collector.onEvent);
  return collector.steps.map(({ operation, name }) => `${operation} ${name}`).toSorted();
}

/** Message of the engine's error. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "no error";
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
}

/** As the step `drift` of the workflows asks the CLI. */
export function searchForDrift(engine: Engine): Promise<string> {
  const flags = ["--preview-only", "--expect-no-changes", "--diff", "--non-interactive"] as const;
  return engine.command("refresh", ...flags, ...notDrift);
}
