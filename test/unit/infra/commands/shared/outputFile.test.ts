import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { refuseUnwritableFile, writeWhole } from "../../../../../infra/commands/shared/outputFile.ts";

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
    `--json: cannot write ${file}: this is a directory, not a file.`,
  );
  expect(readdirSync(folder)).toEqual(["taken"]);
});

it("says before the work that a file cannot be written, and leaves none behind where it can", () => {
  refuseUnwritableFile("json", join(folder, "report.json"));

  expect(readdirSync(folder)).toEqual([]);
  expect(() => refuseUnwritableFile("json", join(folder, "no", "report.json"))).toThrow(
    "its directory does not exist.",
  );
});

it("writes into anything but a regular file in place", () => {
  const [link, taken] = [join(folder, "out"), join(folder, "null")];
  symlinkSync("/dev/null", link);
  writeWhole("json", link, "new");
  refuseUnwritableFile("json", link);

  expect(readlinkSync(link)).toBe("/dev/null");
  writeFileSync(taken, "old");
  writeWhole("json", taken, "new");
  expect(readFileSync(taken, "utf8")).toBe("new");
  expect(readdirSync(folder).toSorted()).toEqual(["null", "out"]);
});

it("calls a full disk by its name", () => {
  expect(() => writeWhole("json", "/dev/full", "new")).toThrow(
    "--json: cannot write /dev/full: no space left on the device.",
  );
  expect(statSync("/dev/full").isCharacterDevice()).toBe(true);
});
