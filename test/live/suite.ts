import { join } from "node:path";
import { createVitest, type Reporter, type TestCase, type Vitest } from "vitest/node";
import type { Outcome } from "./check.ts";
import type { Run } from "./run.ts";

const root = join(import.meta.dirname, "..", "..");

/** A check takes as long as its own limits allow; this only ends one that hangs. */
const longestCheckMilliseconds = 900_000;

/** What a pass over all checks came to. */
export interface Pass {
  /** In the order of the table of checks. */
  readonly outcomes: readonly Outcome[];
  /** Requests to the API server and to EC2. */
  readonly calls: number;
}

/** The checks as a Vitest suite of its own, which no other command runs. */
export class Suite {
  readonly #vitest: Vitest;
  readonly #collector: Collector;
  readonly #run: Run;
  #begun = false;
  #isCancelled = false;

  private constructor(vitest: Vitest, collector: Collector, run: Run) {
    this.#vitest = vitest;
    this.#collector = collector;
    this.#run = run;
  }

  /** Makes the suite; nothing runs yet. The caller closes it. */
  static async create(run: Run): Promise<Suite> {
    const collector = new Collector();
    const vitest = await withoutSignalHandlers(() =>
      createVitest({
        config: false,
        root,
        watch: false,
        name: "live",
        include: ["test/live/live.test.ts"],
        // A thread of this process: Ctrl-C reaches the process once, and what has to be cleaned up is cleaned up.
        pool: "threads",
        fileParallelism: false,
        expect: { requireAssertions: true },
        maxConcurrency: Math.max(1, run.only.length),
        testTimeout: longestCheckMilliseconds,
        hookTimeout: longestCheckMilliseconds,
        silent: true,
        reporters: [collector],
        provide: { run },
      }),
    );
    return new Suite(vitest, collector, run);
  }

  /**
   * Runs every check once.
   * @param onOutcome gets each outcome as soon as it is there
   * @throws when a check itself is at fault, or the run was cancelled
   */
  async pass(onOutcome: (outcome: Outcome) => void = () => {}): Promise<Pass> {
    this.#collector.begin(onOutcome);
    if (this.#begun) {
      await this.#vitest.rerunTestSpecifications(await this.#vitest.globTestSpecifications());
    } else {
      this.#begun = true;
      await this.#vitest.start();
    }
    if (this.#isCancelled) throw new Error("interrupted");
    return this.#collector.end(this.#run.only);
  }

  /** Lets running checks clean up and end, and starts no other. */
  async cancel(): Promise<void> {
    this.#isCancelled = true;
    await this.#vitest.cancelCurrentRun("keyboard-input");
  }

  async close(): Promise<void> {
    await this.#vitest.close();
  }
}

/** Vitest would end the process at a signal at once, before what the checks made is removed. */
async function withoutSignalHandlers<T>(make: () => Promise<T>): Promise<T> {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const before = signals.map((signal) => new Set<unknown>(process.listeners(signal)));
  const made = await make();
  for (const [index, signal] of signals.entries()) {
    for (const listener of process.listeners(signal)) {
      if (!before[index]?.has(listener)) process.off(signal, listener);
    }
  }
  return made;
}

/** Takes the outcomes from the tests. */
class Collector implements Reporter {
  #onOutcome: (outcome: Outcome) => void = () => {};
  #outcomes = new Map<string, Outcome>();
  #calls = 0;
  #mistakes: string[] = [];

  begin(onOutcome: (outcome: Outcome) => void): void {
    this.#onOutcome = onOutcome;
    this.#outcomes = new Map();
    this.#calls = 0;
    this.#mistakes = [];
  }

  end(names: readonly string[]): Pass {
    if (this.#mistakes.length > 0) throw new Error(this.#mistakes.join("\n"));
    const outcomes = names.flatMap((name) => this.#outcomes.get(name) ?? []);
    if (outcomes.length < names.length) throw new Error("not every check was run");
    return { outcomes, calls: this.#calls };
  }

  onTestCaseResult(testCase: TestCase): void {
    const { outcome, calls = 0 } = testCase.meta();
    this.#calls = Math.max(this.#calls, calls);
    if (outcome === undefined) {
      const errors = testCase.result().errors ?? [];
      this.#mistakes.push(...errors.map(({ stack, message }) => `${testCase.name}: ${stack ?? message}`));
      return;
    }
    this.#outcomes.set(outcome.name, outcome);
    this.#onOutcome(outcome);
  }

  onTestRunEnd(
    _modules: unknown,
    errors: readonly { readonly stack?: string; readonly message: string }[],
  ): void {
    this.#mistakes.push(...errors.map(({ stack, message }) => stack ?? message));
  }
}
