import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { refuseUnwritable, writeFiles } from "../../../../../infra/commands/measure/report.ts";
import { emptyFolder } from "./program.ts";
import { reported } from "./reported.ts";

describe("the files of a run", () => {
  it("are the report and the data", () => {
    const folder = emptyFolder();
    writeFiles({ report: join(folder, "measure.md"), json: join(folder, "measure.json") }, reported());

    expect(readdirSync(folder).toSorted()).toEqual(["measure.json", "measure.md"]);
    expect(readFileSync(join(folder, "measure.md"), "utf8")).toContain("## Figures");
  });

  it("hold everything that was measured", () => {
    const file = join(emptyFolder(), "measure.json");
    expect(writeFiles({ report: undefined, json: file }, reported())).toEqual([file]);

    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(reported());
  });

  it("are two files", () => {
    const file = join(emptyFolder(), "measure");

    expect(() => refuseUnwritable({ report: file, json: file })).toThrow(
      `--report, --json: both name ${file}. Name two files.`,
    );
  });

  it("are refused before the first measurement when they cannot be written", () => {
    const file = join(emptyFolder(), "no", "measure.md");

    expect(() => refuseUnwritable({ report: file, json: undefined })).toThrow(
      `--report: cannot write ${file}: its directory does not exist.`,
    );
  });
});
