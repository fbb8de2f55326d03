import { UserError } from "../../shared/errors.ts";
import { refuseUnwritableFile, writeWhole } from "../../shared/outputFile.ts";
import { rowsOf } from "../honesty/comparison.ts";
import { limitOf, warnings } from "../honesty/warnings.ts";
import { markdown } from "./markdown.ts";
import type { MeasureData } from "./measureData.ts";

/** Where the user wants what; undefined: not at all. */
export interface OutputFiles {
  readonly report: string | undefined;
  readonly json: string | undefined;
}

/**
 * Makes sure that the files can be written, before anybody waits for them.
 * @param inputs files that must not be overwritten
 * @throws UserError of one line
 */
export function refuseUnwritable(
  { report, json }: OutputFiles,
  inputs: readonly (string | undefined)[],
): void {
  for (const [option, file] of Object.entries({ report, json })) {
    if (file === undefined) continue;
    if (inputs.includes(file))
      throw new UserError(`--${option}: ${file} is what is read. Name another file.`);
    refuseUnwritableFile(option, file);
  }
  if (report !== undefined && report === json) {
    throw new UserError(`--report, --json: both name ${report}. Name two files.`);
  }
}

/** Writes the data and the report. @returns the files written */
export async function writeFiles({ report, json }: OutputFiles, data: MeasureData): Promise<string[]> {
  const written: string[] = [];
  const write = (option: string, file: string, content: string | Uint8Array) => {
    writeWhole(option, file, content);
    written.push(file);
  };
  if (json !== undefined) write("json", json, `${JSON.stringify(data, undefined, 2)}\n`);
  if (report === undefined) return written;
  const rows = rowsOf(data, (measurement) => limitOf(data, measurement) !== undefined);
  write("report", report, markdown(data, { rows, warnings: warnings(data) }));
  return written;
}
