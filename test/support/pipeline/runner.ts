import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import { stepsOf, workflows } from "./workflows.ts";

/** What a script step came to. */
export interface StepOutcome {
  readonly code: number;
  readonly output: string;
  /** Markdown that it added to the summary. */
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, "..", "..", "..");

/** A GitHub runner for script steps: with fakes of `npx` and `gh`, and a repository in a file. */
export class Runner {
  readonly folder = mkdtempSync(join(tmpdir(), "runner-"));
  #steps = 0;

  /** @param answers what `npx …` says and ends with, by its first words; anything else says nothing and ends with 0 */
  constructor(answers: Readonly<Record<string, { code: number; says: string }>> = {}) {
    mkdirSync(join(this.folder, "bin"));
    for (const name of ["npx", "gh"]) {
      const file = join(this.folder, "bin", name);
      const script = join(import.meta.dirname, "fakes", `${name}.ts`);
      writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
      chmodSync(file, 0o755);
    }
    writeFileSync(join(this.folder, "answers.json"), JSON.stringify(answers));
    this.repository = {};
  }

  /** What was called, in order: `npx pulumi preview …`, `gh POST issues`. */
  get calls(): string[] {
    return this.#text("calls").split("\n").filter(Boolean);
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever GitHub would have
  get repository(): Record<string, any[]> {
    return JSON.parse(this.#text("github.json"));
  }

  set repository(content: Readonly<Record<string, readonly unknown[]>>) {
    writeFileSync(join(this.folder, "github.json"), JSON.stringify(content));
  }

  /**
   * Runs the one script step of a job that contains a text, as GitHub does, with the environment that the workflow gives it.
   * @param values what GitHub puts into the variables that job and step declare; any other name is refused
   */
  async step(
    [workflow, job, text]: readonly [workflow: string, job: string, text: string],
    values: Readonly<Record<string, string>>,
  ): Promise<StepOutcome> {
    const [step, ...others] = stepsOf(workflow, job).filter(({ run }) => run?.includes(text));
    if (step?.run === undefined || others.length > 0) throw new Error(`${job}: not one step has "${text}"`);
    const declared = { ...workflows[workflow]?.jobs[job]?.env, ...step.env };
    const strange = Object.keys(values).filter(
      (name) => !(name in declared) && !/^(GITHUB|ACTIONS)_/.test(name),
    );
    if (strange.length > 0) throw new Error(`${job} declares no ${strange.join(", ")}`);

    this.#steps++;
    const [summary, output] = [`summary${this.#steps}`, `output${this.#steps}`];
    const ended = await this.#bash(step.run, {
      GITHUB_STEP_SUMMARY: join(this.folder, summary),
      GITHUB_OUTPUT: join(this.folder, output),
      GITHUB_REPOSITORY: "acme/clusters",
      GITHUB_RUN_ID: "7",
      ...values,
    });
    const lines = this.#text(output).split("\n").filter(Boolean);
    const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    return { ...ended, summary: this.#text(summary), outputs };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #text(name: string): string {
    const file = join(this.folder, name);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  #bash(script: string, values: Readonly<Record<string, string>>): Promise<{ code: number; output: string }> {
    const { PATH: path = "", HOME = "", XDG_CACHE_HOME = "" } = ownEnvironment();
    const env = {
      HOME,
      ...(XDG_CACHE_HOME === "" ? {} : { XDG_CACHE_HOME }),
      TMPDIR: tmpdir(),
      // For the fakes, which are processes of a few lines.
      NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache"),
      PATH: [join(this.folder, "bin"), dirname(process.execPath), path].join(delimiter),
      STAND_IN_ANSWERS: join(this.folder, "answers.json"),
      STAND_IN_GITHUB: join(this.folder, "github.json"),
      STAND_IN_LOG: join(this.folder, "calls"),
      ...values,
    };
    return new Promise((resolve) => {
      // As GitHub starts a script that names no shell.
      const child = spawn("bash", ["-e", "-c", script], {
        cwd: root,
        env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      child.once("close", (code) => resolve({ code: code ?? 1, output }));
    });
  }
}

/** What GitHub puts into the environment of a job on a stack that is set up, with its state in a bucket. */
export const stack = {
  OPERATION: "preview",
  STACK: "dev",
  ENVIRONMENT: "dev-preview",
  STACK_ROLE_ARN: "arn:aws:iam::111122223333:role/calico-preview",
  PULUMI_BACKEND_URL: "s3://states?region=eu-west-1",
  PULUMI_ORGANIZATION: "",
};

/** The same with the state in Pulumi Cloud. */
export const cloud = { ...stack, PULUMI_BACKEND_URL: "https://api.pulumi.com", PULUMI_ORGANIZATION: "acme" };
