import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readData } from "../../../../../../infra/commands/measure/reports/dataFile.ts";
import { refuseUnwritable, writeFiles } from "../../../../../../infra/commands/measure/reports/files.ts";
import { UserError } from "../../../../../../infra/commands/shared/errors.ts";
import { emptyFolder } from "../runs/program.ts";
import { reported } from "./sample.ts";

describe("the files of a run", () => {
  it("are the report and the data", async () => {
    const folder = emptyFolder();
    await writeFiles({ report: join(folder, "measure.md"), json: join(folder, "measure.json") }, reported());

    expect(readdirSync(folder).toSorted()).toEqual(["measure.json", "measure.md"]);
    expect(readFileSync(join(folder, "measure.md"), "utf8")).toContain("## Figures");
  });

  it("are read again as they were written", async () => {
    const file = join(emptyFolder(), "measure.json");
    await writeFiles({ report: undefined, json: file }, reported());

    expect(readData("from", file)).toEqual(reported());
  });

  it("are none that is read", () => {
    expect(() => refuseUnwritable({ report: undefined, json: "old.json" }, ["old.json"])).toThrow(
      "--json: old.json is what is read. Name another file.",
    );
  });

  it("are refused before anybody waits when they cannot be written", () => {
    const file = join(emptyFolder(), "no", "measure.md");

    expect(() => refuseUnwritable({ report: file, json: undefined }, [])).toThrow(
      `--report: cannot write ${file}: its directory does not exist.`,
    );
  });
});

describe("a file that no run wrote", () => {
  it.each([
    ['{"version": 7}', "version: Invalid input: expected 1"],
    [JSON.stringify({ ...reported(), modes: ["fast"] }), "modes.0: Invalid option"],
  ])("is refused in one line: %s", (text, problem) => {
    const file = join(emptyFolder(), "other.json");
    writeFileSync(file, text);

    expect(() => readData("compare", file)).toThrow(
      `--compare: ${file} is not a file that --json wrote: ${problem}`,
    );
  });

  it.each(["{", "", "\u0000\u001b[2J binary", "<!DOCTYPE html>"])(
    "is refused without a byte of it when it is not JSON: %j",
    (text) => {
      const file = join(emptyFolder(), "other.json");
      writeFileSync(file, text);

      expect(() => readData("compare", file)).toThrow(
        new UserError(`--compare: ${file} is not JSON. Name a file that --json wrote.`),
      );
    },
  );

  it("is refused in one line when it is not there", () => {
    expect(() => readData("from", "/nowhere.json")).toThrow("--from: /nowhere.json: file does not exist.");
  });
});
