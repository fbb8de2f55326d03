import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** As much of a workflow, or of a composite action, as the tests look at. */
export interface Workflow {
  readonly on: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly strategy?: Readonly<Record<string, unknown>>;
  readonly environment?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly JobStep[];
}

export interface JobStep {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const folder = join(import.meta.dirname, "..", "..", "..", ".github");

/** Every workflow of this repository by its file's name without ending. */
export const workflows: Readonly<Record<string, Workflow>> = Object.fromEntries(
  readdirSync(join(folder, "workflows")).map((file) => [
    file.replace(/\.yml$/, ""),
    parse(readFileSync(join(folder, "workflows", file), "utf8")) as Workflow,
  ]),
);

/** Text of every file in which a step may stand. */
export const sources: readonly string[] = [
  ...readdirSync(join(folder, "workflows")).map((file) => join("workflows", file)),
  join("actions", "setup", "action.yml"),
].map((file) => readFileSync(join(folder, file), "utf8"));

/** The steps of a job, of which there has to be one. */
export function stepsOf(workflow: string, job: string): readonly JobStep[] {
  const { steps } = workflows[workflow]?.jobs[job] ?? {};
  if (steps === undefined) throw new Error(`${workflow}: there is no job ${job} with steps`);
  return steps;
}
