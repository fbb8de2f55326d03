import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { refuseUnwritableFile, writeWhole } from "./outputFile.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "output-file-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

it("takes the place of what was there, whole, and leaves nothing else", () => {
  const file = join(folder, "report.json");
  writeFileSync(file, "old");

  writeWhole("json", file, "new");

  expect(readdirSync(folder)).toEqual(["report.json"]);
  expect(readFileSync(file, "utf8")).toBe("new");
});

it("leaves no half of a file where it cannot write", () => {
  const file = join(folder, "taken");
  mkdirSync(file);

  expect(() => writeWhole("json", file, "new")).toThrow(
    `--json: cannot write ${file}: this is a folder, not a file.`,
  );
  expect(readdirSync(folder)).toEqual(["taken"]);
});

it("says before the work that a file cannot be written, and leaves none behind where it can", () => {
  refuseUnwritableFile("json", join(folder, "report.json"));

  expect(readdirSync(folder)).toEqual([]);
  expect(() => refuseUnwritableFile("json", join(folder, "no", "report.json"))).toThrow(
    "its folder is not there.",
  );
});
