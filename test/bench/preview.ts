import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiCommand, PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { readStackFile } from "../../infra/commands/shared/stackFile.ts";
import { program } from "../../infra/program.ts";
import { Engine } from "../rehearsal/engine.ts";
import { startWorld } from "../simulator/world/world.ts";
import { everything } from "../support/everything.ts";
import { emptyProgram } from "./emptyProgram.ts";
import { type Figure, fastest, milliseconds } from "./measure.ts";

/** What the program's entry loads, and only when the CLI calls it. */
const programModule = "../../infra/chosenProgram.ts";

type Config = Readonly<Record<string, unknown>>;

/** Previews of each program; alternating, so that a slow moment of the machine hits all alike. */
const rounds = 5;

/**
 * How much longer a preview takes than that of a program without resources, on the same engine. Both with the start of a
 * process that loads the program, as the CLI starts one for every preview: here the program runs in this process.
 */
export async function previewFigures(root: string, command: PulumiCommand): Promise<Figure[]> {
  const { config } = readStackFile({ stack: "dev" }, root);
  const project = await readFile(join(root, "Pulumi.yaml"), "utf8");
  const candidates = {
    empty: await candidate(emptyProgram, "./emptyProgram.ts", config, project, command),
    dev: await candidate(program, programModule, config, project, command),
    everything: await candidate(program, programModule, { ...config, ...everything }, project, command),
    fiftyPools: await candidate(program, programModule, withPools(config, 50), project, command),
  };
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const one of Object.values(candidates)) await one.run();
    }
    const base = fastest(candidates.empty.took);
    return [
      figure("preview of dev ÷ preview of an empty program", candidates.dev, base, 1.45),
      figure(
        "preview of dev with everything on ÷ preview of an empty program",
        candidates.everything,
        base,
        2,
      ),
      figure("preview of 50 node pools ÷ preview of an empty program", candidates.fiftyPools, base, 5),
    ];
  } finally {
    for (const one of Object.values(candidates)) await one.stop();
  }
}

interface Candidate {
  /** Milliseconds of each preview. */
  readonly took: number[];
  /** Milliseconds that the program itself took in each. */
  readonly inProgram: number[];
  resources(): number;
  run(): Promise<void>;
  stop(): Promise<void>;
}

async function candidate(
  run: PulumiFn,
  module: string,
  config: Config,
  project: string,
  command: PulumiCommand,
): Promise<Candidate> {
  const world = await startWorld({ region: "eu-west-1" });
  const inProgram: number[] = [];
  const timed: PulumiFn = async () => {
    const start = performance.now();
    const outputs = await run();
    inProgram.push(performance.now() - start);
    return outputs;
  };
  const { debugProviders } = world;
  const engine = await Engine.start({
    program: timed,
    command,
    stack: "dev",
    project,
    config,
    debugProviders,
    // As everybody who drives the engine through the Automation API does.
    uninterrupted: true,
  });
  const took: number[] = [];
  return {
    took,
    inProgram,
    resources: () => engine.planned.length,
    run: async () => {
      const loading = await milliseconds(() => load(module));
      took.push(loading + (await milliseconds(() => engine.preview())));
    },
    stop: async () => {
      world.stop();
      await engine.remove();
    },
  };
}

/** Loads a module in a separate process. */
async function load(module: string): Promise<void> {
  const url = JSON.stringify(import.meta.resolve(module));
  // As infra/index.js does. The empty program does without.
  const cached = module === programModule ? 'import m from "node:module"; m.enableCompileCache();' : "";
  const script = `${cached} await import(${url})`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "inherit" });
  const [exitCode] = await once(child, "exit");
  if (exitCode !== 0) throw new Error(`${module} cannot be loaded: exit code ${exitCode}`);
}

function figure(name: string, one: Candidate, base: number, limit: number): Figure {
  const seconds = (value: number) => `${(value / 1000).toFixed(2)} s`;
  const took = fastest(one.took);
  return {
    name,
    found: took / base,
    limit,
    unit: "",
    detail: `${seconds(took)} for ${one.resources()} resources against ${seconds(base)}, which starting the CLI, the engine and the providers takes, and loading their SDKs; of the difference, ${seconds(fastest(one.inProgram))} until the program had made its resources, the rest their registration`,
  };
}

function withPools(config: Config, count: number): Config {
  const pools = Array.from({ length: count }, (_, index) => [
    `pool-${index}`,
    { size: { min: 1, desired: 1, max: 2 } },
  ]);
  const account = { quotas: { nodeGroupsPerCluster: Math.max(30, count) } };
  return {
    ...config,
    "calico-ebpf-eks:account": account,
    "calico-ebpf-eks:nodePools": Object.fromEntries(pools),
  };
}
