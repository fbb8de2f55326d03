import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiCommand, PulumiFn } from "@pulumi/pulumi/automation/index.js";
import type { Settings } from "../../../components/settings/settings.ts";
import { accountOfStack } from "../../../infra/commands/shared/stackSettings.ts";
import type { Client } from "../../simulator/aws/endpointAccess.ts";
import { startWorld, type World } from "../../simulator/world/world.ts";
import { clientOf } from "../client.ts";
import { Engine } from "../engine.ts";
import { composed, Flights } from "./flights.ts";
import { Injector } from "./injector.ts";

export interface LifeOptions {
  readonly program: PulumiFn;
  readonly command: PulumiCommand;
  /** Folder of the project. */
  readonly root: string;
  readonly settings: Settings;
  /** The stack file's `config:` mapping. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Where Pulumi runs. Default: where the settings allow it. */
  readonly client?: Client;
}

/** One stack on a cloud with injected faults, for as long as a test needs. */
export interface Life {
  readonly engine: Engine;
  readonly world: World;
  readonly settings: Settings;
  readonly injector: Injector;
  readonly flights: Flights;
  end(): Promise<void>;
}

/** Starts without resources and faults. The caller ends it. */
export async function startLife(options: LifeOptions): Promise<Life> {
  const { settings, program, command, config } = options;
  const injector = new Injector([]);
  const flights = new Flights();
  const interference = composed(flights.interfere, injector.interfere);
  const account = accountOfStack(settings);
  const place = {
    region: settings.region,
    client: options.client ?? clientOf(settings),
    ...(account === undefined ? {} : { account }),
  };
  const world = await startWorld({ ...place, interference });
  try {
    const project = await readFile(join(options.root, "Pulumi.yaml"), "utf8");
    const { stack } = settings;
    const { debugProviders } = world;
    const engine = await Engine.start({
      program,
      command,
      stack,
      project,
      config,
      debugProviders,
    });
    const end = async () => {
      await world.stop();
      await engine.remove();
    };
    return { engine, world, settings, injector, flights, end };
  } catch (error) {
    await world.stop();
    throw error;
  }
}
