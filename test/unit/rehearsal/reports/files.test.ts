import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../../../infra/commands/shared/errors.ts";
import { refuseUnwritable, writeReport } from "../../../rehearsal/reports/files.ts";
import { reportData } from "./rehearsal.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "calico-ebpf-eks-report-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const files = (report: string | undefined, json?: string) => ({ report, json });

describe("a place for the report", () => {
  it("is tried without leaving a file behind", () => {
    refuseUnwritable(files(join(folder, "a.md"), join(folder, "a.json")));

    expect(existsSync(join(folder, "a.md"))).toBe(false);
    expect(existsSync(join(folder, "a.json"))).toBe(false);
  });

  it("keeps what an earlier run wrote, until there is something new", () => {
    const file = join(folder, "a.md");
    writeFileSync(file, "earlier");
    refuseUnwritable(files(file));

    expect(readFileSync(file, "utf8")).toBe("earlier");
  });

  it.each([
    { where: "is a folder", path: ".", reason: "this is a directory, not a file" },
    { where: "is in no folder", path: "nowhere/a.md", reason: "its directory does not exist" },
    { where: "is below a file", path: "file/a.md", reason: "a part of the path is a file, not a directory" },
  ])("is refused when it $where", ({ path, reason }) => {
    writeFileSync(join(folder, "file"), "");
    const file = join(folder, path);

    expect(() => refuseUnwritable(files(file))).toThrow(
      new UserError(`--report: cannot write ${file}: ${reason}.`),
    );
    expect(() => refuseUnwritable(files(undefined, file))).toThrow(
      new UserError(`--json: cannot write ${file}: ${reason}.`),
    );
  });

  it("is refused when both are one file, however it is written", () => {
    expect(() => refuseUnwritable(files(join(folder, "a"), `${folder}/./a`))).toThrow(
      new UserError(`--report, --json: both name ${join(folder, "a")}. Name two files.`),
    );
  });

  it("is refused when it is the stack file", () => {
    const stackFile = join(folder, "Pulumi.dev.yaml");

    expect(() => refuseUnwritable(files(undefined, stackFile), stackFile)).toThrow(
      new UserError(`--json: ${stackFile} is the stack file. Name another file.`),
    );
  });

  it("gets both reports", () => {
    const [report, json] = [join(folder, "a.md"), join(folder, "a.json")];
    writeReport({ report, json }, reportData());

    expect(readFileSync(report, "utf8")).toMatch(/^# Rehearsal passed: /);
    expect(JSON.parse(readFileSync(json, "utf8"))).toEqual(reportData());
  });
});

describe("npm run rehearse", () => {
  const main = join(import.meta.dirname, "..", "..", "..", "rehearsal", "main.ts");
  const rehearse = (...args: string[]) =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, ...args], (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });

  it("refuses a report that cannot be written, before it does anything", { timeout: 60_000 }, async () => {
    expect(await rehearse("--report", folder)).toEqual({
      code: 1,
      stdout: "",
      stderr: `--report: cannot write ${folder}: this is a directory, not a file.\n`,
    });
  });

  it("reports what kept it from beginning", { timeout: 60_000 }, async () => {
    const [report, json] = [join(folder, "a.md"), join(folder, "a.json")];
    const stderr = "nowhere.yaml: file does not exist.\n";
    const done = await rehearse("--stack-file", "nowhere.yaml", "--report", report, "--json", json);

    expect(done).toEqual({ code: 1, stdout: "", stderr });
    expect(readFileSync(report, "utf8").split("\n").slice(0, 4)).toEqual([
      "# Rehearsal failed: nowhere.yaml, 1 problem",
      "",
      "```text",
      "nowhere.yaml: file does not exist.",
    ]);
    expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({ version: 1, passed: false });
  });
});
