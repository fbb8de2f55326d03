import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { onTestFinished } from "vitest";
import { program } from "../../../infra/program.ts";
import { stepCollector } from "../../rehearsal/changes/steps.ts";
import { Engine, EngineError } from "../../rehearsal/engine.ts";
import { pluginOptions } from "../../rehearsal/start.ts";
import { configOf, type SwitchState } from "../../rehearsal/switching/states.ts";
import { type Change, type Moment, momentsOf } from "../../simulator/realKubernetes/history.ts";
import { RealKubernetes } from "../../simulator/realKubernetes/realKubernetes.ts";
import { startWorldWith, type World } from "../../simulator/world/world.ts";
import { impatiently } from "../realKubernetes/impatience.ts";
import { parts } from "../realKubernetes/parts.ts";
import { cli, root, smallCluster } from "../rehearsed.ts";
import { type Tampering, tampered } from "../tampering.ts";

/** A stack on a real API server whose every change is kept. */
export interface SwitchedStack {
  readonly engine: Engine;
  readonly world: World<RealKubernetes>;
  /** Changes the stack file. */
  configure(state: SwitchState): Promise<void>;
  /** What has happened in the cluster so far. */
  moments(): Moment[];
  /** The cluster's last version so far. */
  version(): number;
  /** Lets gates wait for a moment only from now on. */
  becomeImpatient(): void;
}

/** Starts a stack of which nothing exists yet; it ends with the test. */
export async function switchedStack(
  config: Readonly<Record<string, unknown>> = smallCluster,
): Promise<SwitchedStack> {
  if (parts === undefined || cli === undefined) throw new Error("skipped");
  const changes: Change[] = [];
  const real = { ...parts, serviceCidr: "172.20.0.0/16", record: (change: Change) => changes.push(change) };
  const world = await startWorldWith(
    { region: "eu-west-1", stallMilliseconds: 60_000 },
    (cloud, activity) => new RealKubernetes(cloud, activity, real),
  );
  onTestFinished(() => world.stop());
  let isImpatient = false;
  const impatience: Tampering = (registration) =>
    isImpatient ? impatiently(undefined)(registration) : undefined;
  const engine = await Engine.start({
    program: tampered(program, impatience),
    command: cli.command,
    stack: "dev",
    project: await readFile(join(root, "Pulumi.yaml"), "utf8"),
    config,
    debugProviders: world.debugProviders,
    ...(await pluginOptions(world.kubernetes)),
  });
  onTestFinished(() => engine.remove());
  return {
    engine,
    world,
    configure: (state) => engine.configure(configOf(state, config)),
    moments: () => momentsOf(changes),
    version: () => Math.max(0, ...changes.map(({ version }) => version)),
    becomeImpatient: () => {
      isImpatient = true;
    },
  };
}

/** What an operation of the engine does to resources, in the order in which it ends: `update installation`. */
export async function steps(
  run: (onEvent: (event: EngineEvent) => void) => Promise<unknown>,
): Promise<string[]> {
  const collector = stepCollector();
  await run(collector.onEvent);
  return collector.steps.map(({ operation, name }) => `${operation} ${name}`);
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
