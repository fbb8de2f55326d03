import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { parse } from "yaml";
import { leftOut } from "../../infra/commands/pipeline/steps/operate.ts";
import { type Interruptible, interruptible } from "../../infra/commands/shared/engine/process.ts";
import { stackFileText } from "../../infra/commands/shared/stackFile.ts";
import { beginCalls, cutRun, runEnded } from "../simulator/protocol/programCalls.ts";
import { readable } from "./diagnostics.ts";
import {
  type Charts,
  certificateFile,
  type EngineOptions,
  environment,
  inlineProject,
  withCharts,
} from "./engineOptions.ts";
import { recorded } from "./recordedProgram.ts";
import type { Planned } from "./timeline/deadlocks.ts";

/** The errors of one operation, as the engine reported them. */
export class EngineError extends Error {
  /** Each diagnostic of severity error: the resource's URN, if it is about one, and the text. */
  readonly diagnostics: readonly { readonly urn: string; readonly message: string }[];

  constructor(operation: string, diagnostics: EngineError["diagnostics"]) {
    super(`${operation} failed:\n${diagnostics.map(({ message }) => message).join("\n")}`);
    this.diagnostics = diagnostics;
  }
}

type Operation = "preview" | "drift detection" | "up" | "preview of destroy" | "destroy" | "refresh";
type OnEvent = (event: EngineEvent) => void;

/** The real Pulumi engine with its own state in a temporary folder. */
export class Engine {
  /** Resources that the program registered in the last preview, with their dependencies. */
  readonly planned: Planned[] = [];
  /** Warnings of the program and its providers so far, each once. */
  readonly warnings: string[] = [];
  readonly #stack: Stack;
  readonly #folder: string;
  readonly #project: string;
  readonly #cli: Interruptible;
  readonly #charts: Charts | undefined;
  readonly #slots: { readonly parallel?: number };

  private constructor(parts: Parts) {
    this.#stack = parts.stack;
    this.#folder = parts.folder;
    this.#project = parts.project;
    this.planned = parts.planned;
    this.#cli = parts.cli;
    this.#charts = parts.charts;
    this.#slots = parts.slots;
  }

  /** Creates a stack without resources. The caller removes it. */
  static async start(options: EngineOptions): Promise<Engine> {
    const folder = await mkdtemp(join(tmpdir(), "calico-ebpf-eks-"));
    const planned: Planned[] = [];
    const { command, uninterrupted = false } = options;
    const cli = uninterrupted ? { command, signal: () => false } : interruptible(command);
    try {
      await writeFile(join(folder, "Pulumi.yaml"), inlineProject(options.project));
      const project = String(parse(options.project)["name"]);
      const config = withCharts(options.config, options.charts);
      await writeFile(join(folder, `Pulumi.${options.stack}.yaml`), stackFileText({ config }));
      await writeFile(certificateFile(folder), options.charts?.certificate ?? "");
      const stack = await LocalWorkspace.createOrSelectStack(
        {
          stackName: options.stack,
          projectName: project,
          program: recorded(options.program, planned),
        },
        {
          workDir: folder,
          pulumiCommand: cli.command,
          envVars: environment(folder, options),
        },
      );
      const slots = options.parallel === undefined ? {} : { parallel: options.parallel };
      return new Engine({ stack, folder, project, planned, cli, slots, charts: options.charts });
    } catch (error) {
      await removeFolder(folder);
      throw error;
    }
  }

  /**
   * Number of resources by what would happen to them.
   * @param targets URNs to leave everything else out for: `--target`
   */
  async preview(
    onEvent: OnEvent = () => {},
    targets: readonly string[] = [],
  ): Promise<Partial<Record<string, number>>> {
    this.planned.length = 0;
    const { changeSummary } = await this.#run("preview", onEvent, (collect) =>
      this.#stack.preview({ onEvent: collect, target: [...targets], ...this.#slots }),
    );
    return changeSummary;
  }

  /**
   * Outputs, secret ones included.
   * @param replacing URNs to replace: `--replace`
   * @param refresh reads what is there first: `--refresh`
   * @param targets URNs, or patterns of URNs, to leave everything else out for: `--target`
   */
  async up(
    onEvent: OnEvent = () => {},
    replacing: readonly string[] = [],
    refresh = false,
    targets: readonly string[] = [],
  ): Promise<Readonly<Record<string, unknown>>> {
    const options = { replace: [...replacing], target: [...targets] };
    const { outputs } = await this.#run("up", onEvent, (collect) =>
      this.#stack.up({ onEvent: collect, ...options, ...this.#slots, ...(refresh ? { refresh } : {}) }),
    );
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** Changes the stack file's `config:` for the next operations. */
  async configure(config: Readonly<Record<string, unknown>>): Promise<void> {
    const text = stackFileText({ config: withCharts(config, this.#charts) });
    await writeFile(join(this.#folder, `Pulumi.${this.#stack.name}.yaml`), text);
  }

  /** The preview with which `pulumi destroy` starts, and ends when it fails. */
  async previewDestroy(onEvent: OnEvent = () => {}): Promise<void> {
    await this.#run("preview of destroy", onEvent, (collect) =>
      this.#stack.previewDestroy({ onEvent: collect, ...this.#slots }),
    );
  }

  async destroy(onEvent: OnEvent = () => {}): Promise<void> {
    await this.#run("destroy", onEvent, (collect) =>
      this.#stack.destroy({ onEvent: collect, ...this.#slots }),
    );
  }

  /** Number of resources by what a refresh would find of them; writes nothing. The nightly drift detection runs it. */
  async drift(onEvent: OnEvent = () => {}): Promise<Partial<Record<string, number>>> {
    const { changeSummary } = await this.#run("drift detection", onEvent, (collect) =>
      this.#stack.previewRefresh({ onEvent: collect, exclude: [...leftOut] }),
    );
    return changeSummary;
  }

  async refresh(onEvent: OnEvent = () => {}): Promise<void> {
    await this.#run("refresh", onEvent, (collect) =>
      this.#stack.refresh({ onEvent: collect, ...this.#slots }),
    );
  }

  /** Runs a command that the Automation API lacks, as a user would type it; `--stack` is added. */
  async command(...words: readonly string[]): Promise<string> {
    const { pulumiCommand, workDir, envVars } = this.#stack.workspace as LocalWorkspace;
    const { run } = pulumiCommand as unknown as Runnable;
    const args = [...words, "--stack", this.#stack.name];
    return (await run.call(pulumiCommand, args, workDir, { ...envVars })).stdout;
  }

  /** The state, as the engine wrote it. */
  async deployment(): Promise<unknown> {
    return (await this.#stack.exportStack()).deployment;
  }

  /** The same from the file that the engine keeps it in, at once; secrets are encrypted in it. */
  async checkpoint(): Promise<unknown> {
    const file = join(this.#folder, ".pulumi", "stacks", this.#project, `${this.#stack.name}.json`);
    const text = await readFile(file, "utf8");
    return JSON.parse(text).checkpoint.latest;
  }

  /** Writes another state, as `pulumi stack import` does; that also takes every pending operation off its list. */
  async replaceDeployment(deployment: unknown): Promise<void> {
    await this.#stack.importStack({ ...(await this.#stack.exportStack()), deployment });
  }

  /** Signals the engine while it runs. False when it does not. */
  signal(signal: "SIGINT" | "SIGKILL"): boolean {
    cutRun();
    return this.#cli.signal(signal);
  }

  async remove(): Promise<void> {
    await removeFolder(this.#folder);
  }

  async #run<Result>(
    operation: Operation,
    onEvent: OnEvent,
    run: (collect: OnEvent) => Promise<Result>,
  ): Promise<Result> {
    const errors: { urn: string; message: string }[] = [];
    const collect: OnEvent = (event) => {
      const { diagnosticEvent } = event;
      if (diagnosticEvent !== undefined && diagnosticEvent.ephemeral !== true) {
        const { severity, urn = "" } = diagnosticEvent;
        const message = plainDiagnostic(diagnosticEvent.message);
        if (severity === "error" && !errors.some((one) => one.message === message))
          errors.push({ urn, message });
        if (severity === "warning" && !this.warnings.includes(message)) this.warnings.push(message);
      }
      onEvent(event);
    };
    beginCalls();
    try {
      return await withoutTraces(() => run(collect));
    } catch (error) {
      await runEnded();
      const message = error instanceof Error ? error.message : String(error);
      throw new EngineError(operation, errors.length > 0 ? readable(errors) : [{ urn: "", message }]);
    }
  }
}

interface Parts {
  readonly stack: Stack;
  readonly folder: string;
  readonly project: string;
  readonly planned: Planned[];
  readonly cli: Interruptible;
  readonly charts: Charts | undefined;
  readonly slots: { readonly parallel?: number };
}

/** What an engine that was just killed started may still write for a moment. */
function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

/** The Automation API leaves its listeners behind when its engine fails. */
async function withoutTraces<Result>(run: () => Promise<Result>): Promise<Result> {
  const events = ["unhandledRejection", "uncaughtException"] as const;
  const before = events.map((event) => new Set<unknown>(process.listeners(event as "uncaughtException")));
  try {
    return await run();
  } finally {
    // What has just failed is still reported to present listeners.
    await setImmediate();
    for (const [index, event] of events.entries()) {
      const left = process.listeners(event as "uncaughtException");
      for (const listener of left) if (!before[index]?.has(listener)) process.off(event, listener);
    }
  }
}

/** Missing in its declaration. */
interface Runnable {
  run(args: string[], folder: string, env: Readonly<Record<string, string>>): Promise<{ stdout: string }>;
}

/**
 * A readable diagnostic: without the engine's colour codes, and of an exception that the program
 * did not catch only the message, which the engine reports a second time without the stack trace.
 */
export function plainDiagnostic(message: string): string {
  return message
    .replace(/<\{%.*?%\}>/g, "")
    .replace(/^Unhandled exception: (?:\w*Error: )?/, "")
    .split("\n")
    .filter((line) => !/^\s+at .*(?::\d+:\d+\)?|<anonymous>\)?|native\)?)$/.test(line))
    .join("\n")
    .trim();
}
