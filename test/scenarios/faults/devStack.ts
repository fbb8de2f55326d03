import { join } from "node:path";
import { onTestFinished } from "vitest";
import { presentPulumiCli } from "../../../infra/commands/shared/engine/pulumiCli.ts";
import { resourcesOf } from "../../../infra/commands/shared/graph.ts";
import { readStackFile } from "../../../infra/commands/shared/stackFile.ts";
import { stackSettings } from "../../../infra/commands/shared/stackSettings.ts";
import { program } from "../../../infra/program.ts";
import { EngineError } from "../../rehearsal/engine.ts";
import { type Life, startLife } from "../../rehearsal/faults/life.ts";
import type { Fault } from "../../simulator/world/fault.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** The CLI that is on this machine. */
const cli = await presentPulumiCli();

const devFile = readStackFile({ stack: "dev" }, root);

/** Configuration of the dev stack, with changes to it if there are any. */
export function devConfig(
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { ...devFile.config, ...changes };
}

/** Starts the dev stack on its own cloud, which ends with the test; with changes to its configuration if there are any. */
export async function devLife(changes: Readonly<Record<string, unknown>> = {}): Promise<Life> {
  if (cli === undefined) throw new Error("no pulumi CLI: `npm run test:faults` gets one");
  const { command } = cli;
  const config = devConfig(changes);
  const settings = stackSettings({ ...devFile, config: { ...config } });
  const life = await startLife({ program, command, root, settings, config });
  onTestFinished(() => life.end());
  return life;
}

/** Settings of the dev stack with changes to its configuration. */
export function devSettings(changes: Readonly<Record<string, unknown>>): Life["settings"] {
  return stackSettings({ ...devFile, config: { ...devConfig(changes) } });
}

/** A fault of every resource, the first time. */
export function everywhere(operation: Fault["operation"], kind: Fault["kind"]): Fault {
  return { target: "*", operation, kind, when: "once" };
}

/**
 * Repeats an operation, as one would after each failure, until it succeeds. With a fault in every resource each time gets
 * up to the next ones, so that one stack's life covers all.
 * @returns how often it failed
 */
export async function untilSuccess(operate: () => Promise<unknown>, atMost = 60): Promise<number> {
  for (let failures = 0; ; failures += 1) {
    try {
      await operate();
      return failures;
    } catch (error) {
      if (!(error instanceof EngineError) || failures === atMost) throw error;
    }
  }
}

/** URNs of the resources that the faults of an operation have hit. */
export function hit({ injector }: Life, operation: Fault["operation"]): Set<string> {
  return new Set(injector.injected.filter((one) => one.operation === operation).map(({ urn }) => urn));
}

/** URNs of the resources that a provider makes; deletable are those that do not just go with another one. */
export async function ownResources({
  engine,
}: Life): Promise<{ custom: Set<string>; deletable: Set<string> }> {
  const resources = resourcesOf(await engine.deployment()).filter(
    ({ type, custom }) => custom && !type.startsWith("pulumi:"),
  );
  const urns = (all: typeof resources) => new Set(all.map(({ urn }) => urn));
  return {
    custom: urns(resources),
    deletable: urns(resources.filter(({ deletedWith }) => deletedWith === undefined)),
  };
}
