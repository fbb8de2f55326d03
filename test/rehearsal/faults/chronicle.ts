import type { Progress } from "../../../infra/commands/shared/progress.ts";
import { EngineError } from "../engine.ts";
import type { Injected, Injector } from "./injector.ts";

/** One command and its result. */
export interface Attempt {
  /** As a user types it: `pulumi up`. */
  readonly command: string;
  readonly outcome: "succeeded" | "failed" | "interrupted";
  /** Injected faults in it. */
  readonly injected: readonly Injected[];
  /** How it was interrupted. Absent: it was not. */
  readonly interruption?: string;
  /** Further notes, a line each. */
  readonly notes: readonly string[];
  /** Run only because of what a failed creation had left, as the documentation says. */
  readonly isRemedy: boolean;
}

/** What is known about an attempt before or after it. */
type Said = Partial<Omit<Attempt, "command">>;

/** Runs commands, shows them, and records the result of each. */
export class Chronicle {
  readonly attempts: Attempt[] = [];
  readonly #injector: Injector;
  readonly #progress: Progress | undefined;

  constructor(injector: Injector, progress: Progress | undefined) {
    this.#injector = injector;
    this.#progress = progress;
  }

  /**
   * Shows something that is not a command.
   * @param wrong what is wrong with the result; empty, as by default: the step ended well
   */
  async step<Result>(
    name: string,
    run: () => Promise<Result>,
    wrong: (result: Result) => readonly unknown[] = () => [],
  ): Promise<Result> {
    this.#progress?.start(name);
    try {
      const result = await run();
      if (wrong(result).length > 0) this.#progress?.fail();
      else this.#progress?.done();
      return result;
    } catch (error) {
      this.#progress?.fail();
      throw error;
    }
  }

  /** Runs a command that may fail. Returns what it failed with; undefined: it succeeded. */
  async attempt(command: string, run: () => Promise<unknown>): Promise<EngineError | undefined> {
    return this.record(command, async () => {
      const failure = await failureOf(run);
      return { result: failure, outcome: failure === undefined ? "succeeded" : "failed" };
    });
  }

  /** Runs a command, and records its notes. */
  async record<Result>(command: string, run: () => Promise<Said & { result: Result }>): Promise<Result> {
    const before = this.#injector.injected.length;
    const { result, ...said } = await this.step(command, run);
    this.note(command, { ...said, injected: this.#injector.injected.slice(before) });
    return result;
  }

  /** Records a command that was run by other means. */
  note(command: string, said: Said): void {
    this.attempts.push({
      command,
      outcome: "succeeded",
      notes: [],
      isRemedy: false,
      injected: [],
      ...said,
    });
  }
}

async function failureOf(run: () => Promise<unknown>): Promise<EngineError | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}
