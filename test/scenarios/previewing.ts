import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PulumiCommand, PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { Engine, EngineError } from "../rehearsal/engine.ts";
import { startWorld } from "../simulator/world/world.ts";
import { cli, root } from "./rehearsed.ts";

export interface Previewing {
  readonly program: PulumiFn;
  readonly config: Readonly<Record<string, unknown>>;
  /** Further words for `pulumi preview`. */
  readonly words: readonly string[];
  /** Text of Pulumi.yaml. Default: that of the project. */
  readonly project?: string;
}

/** What a preview came to. */
export interface Previewed {
  /** What the CLI wrote to its standard output. */
  readonly output: string;
  /** Each error of the engine; empty: success. */
  readonly errors: readonly string[];
}

/** Previews a stack, of which nothing exists yet, with further words on the command line. */
export async function previewed({ program, config, words, project }: Previewing): Promise<Previewed> {
  if (cli === undefined) throw new Error("no pulumi CLI: `npm run test:engine` gets one");
  const { command, output } = speaking(cli.command, words);
  const pluginFolder = await packRunner();
  const world = await startWorld({ region: "eu-west-1", stallMilliseconds: 1500 });
  let engine: Engine | undefined;
  try {
    engine = await Engine.start({
      program,
      command,
      stack: "dev",
      project: project ?? (await readFile(join(root, "Pulumi.yaml"), "utf8")),
      config,
      debugProviders: world.debugProviders,
      uninterrupted: true,
      pluginFolder,
    });
    await engine.preview();
    return { output: output(), errors: [] };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { output: output(), errors: error.diagnostics.map(({ message }) => message) };
  } finally {
    await engine?.remove();
    await world.stop();
    await rm(pluginFolder, { recursive: true, force: true });
  }
}

interface Ran {
  readonly stdout: string;
}

/** A command that adds words to each preview, and keeps what it writes. */
function speaking(command: PulumiCommand, words: readonly string[]) {
  let written = "";
  const { run } = command as unknown as { run(args: string[], ...rest: unknown[]): Promise<Ran> };
  const speak = async (args: string[], ...rest: unknown[]) => {
    if (args[0] !== "preview") return run.call(command, args, ...rest);
    const ran = await run.call(command, [...args, ...words], ...rest).catch((error: Error) => {
      written = error.message;
      throw error;
    });
    written = ran.stdout;
    return ran;
  };
  return {
    command: Object.create(command, { run: { value: speak } }) as PulumiCommand,
    output: () => written,
  };
}

/** The CLI finds what starts policy packs on PATH; a release brings it along, one built from modules does not. */
async function packRunner(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "calico-ebpf-eks-runner-"));
  const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const file = join(folder, "pulumi-analyzer-policy-nodejs");
  await writeFile(file, `#!/bin/sh\nexec "${process.execPath}" "${runner}" "$@"\n`);
  await chmod(file, 0o755);
  return folder;
}
