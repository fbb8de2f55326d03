import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { commandList, commands } from "../../../infra/commands/main.ts";
import { usageText } from "../../../infra/commands/shared/arguments.ts";
import { rehearse } from "../../rehearsal/options.ts";
import { entry, root, run, runNode } from "./run.ts";

// Each case starts processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const all = Object.entries(commands);
const scripts = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts as Record<
  string,
  string
>;
const tooLong = (text: string) => text.split("\n").filter((line) => line.length > 80);

describe("every command", () => {
  it("is an npm script of its name, and the other way round", () => {
    const behind = Object.entries(scripts).filter(([, line]) => line.includes("infra/commands/cli.js"));

    expect(behind).toEqual(
      all.map(([name]) => [name, `node infra/commands/cli.js ${name}`]).toSorted(byOrderOf(behind)),
    );
  });

  it.each([...all.map(([, one]) => one), rehearse])(
    "$name says each option once, in 80 columns, with one example",
    (command) => {
      const text = usageText(command);
      const rows = [...text.matchAll(/^ {2}--([\w-]+)/gm)].map(([, name]) => name);

      expect(tooLong(text)).toEqual([]);
      expect(rows).toEqual([...Object.keys(command.options), "help"]);
      expect(text.match(/^example: /gm)).toHaveLength(1);
      expect(text).toContain(`usage: ${command.command} [options]`);
    },
  );

  it("is in the list that the entry prints, in 80 columns", async () => {
    expect(tooLong(commandList())).toEqual([]);
    expect(await runNode([entry, "--help"])).toEqual({ code: 0, stdout: `${commandList()}\n`, stderr: "" });
    for (const [name] of all) expect(commandList()).toContain(`\n  ${name} `);
  });

  it.each([...all.map(([name]) => [entry, name]), ["test/rehearsal/cli.js"], ["test/bench/cli.js"]])(
    "prints its usage text for --help and does nothing: %s %s",
    async (...words) => {
      const ran = await runNode([...words.filter(Boolean), "--help", "--no-such-option"]);

      expect(ran).toMatchObject({ code: 0, stderr: "" });
      expect(ran.stdout).toMatch(/usage: npm run \w+ -- \[options\]/);
    },
  );

  it.each([...all.map(([name]) => [entry, name]), ["test/rehearsal/cli.js"], ["test/bench/cli.js"]])(
    "refuses an option that it does not know: %s %s",
    async (...words) => {
      const { code, stdout, stderr } = await runNode([...words.filter(Boolean), "--no-such-option"]);

      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(
        /^\w+: \d problems? in the arguments\n {2}--no-such-option: unknown option\. Use .*\./,
      );
      expect(stderr.split("--no-such-option")).toHaveLength(2);
    },
  );

  it("leaves the schema unchanged for other arguments", async () => {
    const before = readFileSync(join(root, "stacks", "stackFile.schema.json"), "utf8");
    await run("schema", ["now"]);

    expect(readFileSync(join(root, "stacks", "stackFile.schema.json"), "utf8")).toBe(before);
  });

  it.each([
    { words: ["verfy"], said: "verfy: unknown command" },
    { words: ["constructor"], said: "constructor: unknown command" },
    { words: [], said: "no command given" },
  ])("is named when another is typed: $words", async ({ words, said }) => {
    expect(await runNode([entry, ...words])).toEqual({
      code: 1,
      stdout: "",
      stderr: `calico-ebpf-eks: ${said}. Use ${all.map(([name]) => name).join(", ")}, or --help.\n`,
    });
  });
});

describe("a Node.js that cannot run TypeScript", () => {
  const needs = /^calico-ebpf-eks needs Node 22\.18 or newer; this is v\d+\.\d+\.\d+\..*\n$/;

  it.each(["infra/commands/cli.js", "test/rehearsal/cli.js", "test/bench/cli.js"])(
    "is said to be too old: %s",
    async (file) => {
      const ran = await runNode(["--no-experimental-strip-types", join(root, file), "stacks"]);

      expect(ran).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(needs) });
    },
  );

  // The oldest syntax that every entry has to keep to can only be shown by an older Node.js.
  it.each(olderNodes())("is said to be too old by $version itself", ({ file }) => {
    const said = (script: string) => {
      try {
        return execFileSync(file, [join(root, script), "stacks"], { encoding: "utf8", stdio: "pipe" });
      } catch (error) {
        return String((error as { stderr: unknown }).stderr);
      }
    };

    expect(said("infra/commands/cli.js")).toMatch(needs);
    expect(said("test/rehearsal/cli.js")).toMatch(needs);
  });
});

function olderNodes(): { file: string; version: string }[] {
  return ["/usr/bin/node", "/usr/local/bin/node"].flatMap((file) => {
    try {
      const version = execFileSync(file, ["--version"], { encoding: "utf8" }).trim();
      return Number(version.slice(1).split(".")[0]) < 22 ? [{ file, version }] : [];
    } catch {
      return [];
    }
  });
}

function byOrderOf(rows: readonly (readonly [string, string])[]) {
  const at = (name: string) => rows.findIndex(([one]) => one === name);
  return (a: readonly string[], b: readonly string[]) => at(a[0] ?? "") - at(b[0] ?? "");
}
