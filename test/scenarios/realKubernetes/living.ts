import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { notDrift } from "../../../infra/commands/pipeline/steps/operate.ts";
import { stackSettings } from "../../../infra/commands/shared/stackSettings.ts";
import { program } from "../../../infra/program.ts";
import { type Check, checkCluster } from "../../rehearsal/checks.ts";
import { Engine, EngineError } from "../../rehearsal/engine.ts";
import { pluginOptions } from "../../rehearsal/start.ts";
import type { LabParts } from "../../simulator/realKubernetes/labNodes.ts";
import { whyNotReady } from "../../simulator/realKubernetes/pods.ts";
import { RealKubernetes } from "../../simulator/realKubernetes/realKubernetes.ts";
import { startWorldWith, type World } from "../../simulator/world/world.ts";
import { cli, root, smallCluster } from "../rehearsed.ts";
import { type Tampering, tampered } from "../tampering.ts";
import { impatiently } from "./impatience.ts";
import { parts } from "./parts.ts";

/** Silence after which nothing more will come. Where a mistake makes something wait in vain, each wait costs it. */
const silence = { expected: 10_000, unexpected: 60_000 } as const;

type Config = Readonly<Record<string, unknown>>;

export interface LivingOptions {
  readonly config?: Config;
  /** What nodes with real packets are made of. Default: nodes that move none. */
  readonly lab?: LabParts;
}

/** A stack on a real API server, on which one run follows the other, each with another mistake in the program. */
export class Living {
  readonly engine: Engine;
  readonly world: World<RealKubernetes>;
  /** The mistake of the next run; undefined: none. */
  mistake: Tampering | undefined;
  #config: Config;

  constructor(engine: Engine, world: World<RealKubernetes>, config: Config) {
    this.engine = engine;
    this.world = world;
    this.#config = config;
  }

  /** What a preview with this mistake fails with; empty: it does not. */
  preview(mistake?: Tampering): Promise<string> {
    return this.#run(mistake, silence.unexpected, () => this.engine.preview());
  }

  /** What an `up` with this mistake fails with; empty: it does not. */
  up(mistake?: Tampering): Promise<string> {
    return this.#run(mistake, silence.unexpected, () => this.engine.up());
  }

  /** The same where something is to wait in vain, the gates for a moment only: what it fails with. */
  upInVain(mistake?: Tampering): Promise<string> {
    return this.#run(impatiently(mistake), silence.expected, () => this.engine.up());
  }

  /** What a refresh fails with; empty: it does not. */
  refresh(): Promise<string> {
    return this.#run(undefined, silence.unexpected, () => this.engine.refresh());
  }

  destroy(): Promise<string> {
    return this.#run(undefined, silence.unexpected, () => this.engine.destroy());
  }

  /** What drift detection finds, as run by the nightly workflow; empty: nothing. */
  async drift(): Promise<string> {
    try {
      const flags = ["--preview-only", "--expect-no-changes", "--non-interactive"] as const;
      await this.engine.command("refresh", ...flags, ...notDrift);
      return "";
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #run(mistake: Tampering | undefined, stallMilliseconds: number, run: () => Promise<unknown>) {
    this.mistake = mistake;
    this.world.activity.stallMilliseconds = stallMilliseconds;
    return failure(run());
  }

  /** Changes the stack file for the runs to come. */
  async configure(config: Config): Promise<void> {
    this.#config = config;
    await this.engine.configure(config);
  }

  /** Everything that should be true of the cluster and is not, a line each. */
  untrue(): string[] {
    const settings = stackSettings({ name: "dev", file: "a test", config: { ...this.#config } });
    const failed = ({ name, failures }: Check) => failures.map((one) => `${name}: ${one}`);
    return checkCluster(this.world, settings).flatMap(failed);
  }

  /** Why the operator's pod is not ready, as its condition says; empty: it is, or there is none. */
  operatorNeeds(): string {
    return this.world.kubernetes
      .contents()
      .filter(({ kind, metadata }) => kind === "Pod" && metadata.labels?.["k8s-app"] === "tigera-operator")
      .map(whyNotReady)
      .join("");
  }

  async end(): Promise<void> {
    await this.world.stop();
    await this.engine.remove();
  }
}

/** Starts an engine and the world that it works on; nothing exists yet. The caller ends it. */
export async function startLiving({ config = smallCluster, lab }: LivingOptions = {}): Promise<Living> {
  if (parts === undefined || cli === undefined) throw new Error("skipped");
  const real = { ...parts, serviceCidr: "172.20.0.0/16", ...(lab === undefined ? {} : { lab }) };
  const started = await startWorldWith(
    { region: "eu-west-1" },
    (cloud, activity) => new RealKubernetes(cloud, activity, real),
  );
  const plugin = await pluginOptions(started.kubernetes);
  let living: Living | undefined;
  const engine = await Engine.start({
    program: tampered(program, (registration) => living?.mistake?.(registration)),
    command: cli.command,
    stack: "dev",
    project: await readFile(join(root, "Pulumi.yaml"), "utf8"),
    config,
    debugProviders: started.debugProviders,
    ...plugin,
  });
  living = new Living(engine, started, config);
  return living;
}

function failure(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => "",
    (error: unknown) => {
      if (!(error instanceof EngineError)) throw error;
      return error.message;
    },
  );
}
