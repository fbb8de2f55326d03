import { stacksIn } from "../../shared/stackFile.ts";
import { setOutputs } from "../github/files.ts";
import { ghList, repository } from "../github/gh.ts";
import type { Surroundings } from "../surroundings.ts";
import { touchedStacks } from "../touchedStacks.ts";

interface ChangedFile {
  readonly filename: string;
  /** Of a file that was moved. */
  readonly previous_filename?: string;
}

/** Which stacks the pull request PULL_REQUEST can make a difference to, as the output `stacks`. */
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
