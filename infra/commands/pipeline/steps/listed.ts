import { stacksIn } from "../../shared/stackFile.ts";
import { ghList, repository, setOutputs } from "../github.ts";
import type { Surroundings } from "../run.ts";

/** Maximum number of files that GitHub lists for a pull request; the rest is unknown. Source: REST API, "List pull requests files". */
const mostListed = 3000;

/** Files that affect no stack. */
const unnoticed = [
  /^docs\//,
  /\.md$/,
  /^\.ci\//,
  /^\.gitignore$/,
  /^\.github\/dependabot\.yml$/,
  /\.test\.ts$/,
];

/**
 * Stacks that a change can affect: those whose file it touches; all of them if it touches anything
 * that they share.
 * @param files every path before and after the change, from the project's folder
 * @param stacks names of the stacks that have a file
 */
export function touchedStacks(files: readonly string[], stacks: readonly string[]): string[] {
  if (files.length >= mostListed) return [...stacks];
  const noticed = files.filter((file) => !unnoticed.some((pattern) => pattern.test(file)));
  const named = noticed.map((file) => /^stacks\/Pulumi\.(.+)\.yaml$/.exec(file)?.[1]);
  if (named.includes(undefined)) return [...stacks];
  return stacks.filter((stack) => named.includes(stack));
}

interface ChangedFile {
  readonly filename: string;
  /** Present for a moved file. */
  readonly previous_filename?: string;
}

/** Which stacks the pull request PULL_REQUEST can affect, as the output `stacks`. */
export async function touched(around: Surroundings): Promise<number> {
  const { PULL_REQUEST: number = "" } = around.env;
  const files = await ghList<ChangedFile>(around, `repos/${repository(around)}/pulls/${number}/files`);
  const paths = files.flatMap(({ filename, previous_filename: before }) =>
    before === undefined ? [filename] : [filename, before],
  );
  setOutputs(around, { stacks: JSON.stringify(touchedStacks(paths, stacksIn(around.root))) });
  return 0;
}

/** Every stack that has a file, as the output `stacks`. */
export async function all(around: Surroundings): Promise<number> {
  setOutputs(around, { stacks: JSON.stringify(stacksIn(around.root)) });
  return 0;
}
