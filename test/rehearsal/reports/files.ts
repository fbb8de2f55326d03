import { resolve } from "node:path";
import { UserError } from "../../../infra/commands/shared/errors.ts";
import { refuseUnwritableFile, writeWhole } from "../../../infra/commands/shared/outputFile.ts";
import { markdown } from "./markdown.ts";
import type { ReportData } from "./reportData.ts";

/** Files for the reports; undefined: none. */
export interface ReportFiles {
  readonly report: string | undefined;
  readonly json: string | undefined;
}

/**
 * Makes sure that the report can be written, before the long work starts. Leaves no file behind.
 * @param stackFile which must not be overwritten
 * @throws UserError of one line that names the option and the file
 */
export function refuseUnwritable(
  { report, json }: ReportFiles,
  stackFile: string | undefined = undefined,
): void {
  const given = Object.entries({ report, json }).flatMap(([option, file]) =>
    file === undefined ? [] : [{ option, file }],
  );
  if (report !== undefined && json !== undefined && resolve(report) === resolve(json)) {
    throw new UserError(`--report, --json: both name ${report}. Name two files.`);
  }
  for (const { option, file } of given) {
    if (stackFile !== undefined && resolve(file) === resolve(stackFile)) {
      throw new UserError(`--${option}: ${file} is the stack file. Name another file.`);
    }
    refuseUnwritableFile(option, file);
  }
}

/** @throws UserError of one line if the file can no longer be written */
export function writeReport({ report, json }: ReportFiles, data: ReportData): void {
  if (report !== undefined) writeWhole("report", report, markdown(data));
  if (json !== undefined) writeWhole("json", json, `${JSON.stringify(data, undefined, 2)}\n`);
}
