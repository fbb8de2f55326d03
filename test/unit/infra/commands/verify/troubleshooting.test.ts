import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checks } from "../../../../../infra/commands/verify/checks/index.ts";

const file = join(import.meta.dirname, "..", "..", "..", "..", "..", "docs", "troubleshooting.md");
const [, part = ""] = readFileSync(file, "utf8").split("\n## What `npm run verify` finds\n");
/** Text of each section by its heading, which is its anchor on GitHub, too. */
const sections = new Map(
  part
    .split("\n## ")[0]
    ?.split("\n### ")
    .slice(1)
    .map((section) => [section.split("\n")[0] ?? "", section]),
);

describe("docs/troubleshooting.md", () => {
  it.each(checks.map(({ name }) => [name]))("says what causes %s to fail, and the fix", (name) => {
    expect(sections.get(name)).toMatch(/\n\| cause \| fix \|\n\|---\|---\|\n\| [^|]+ \| [^|]+ \|\n/);
  });

  it("has no section of a check that is not there", () => {
    const names = checks.map(({ name }) => name);

    expect([...sections.keys()].filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe("the table of checks", () => {
  it("names each check once, in kebab-case", () => {
    const names = checks.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
  });

  it.each(checks.map((check) => [check.name, check] as const))(
    "says of %s what it means and what to do",
    (_, check) => {
      const { title, meaning, cure, source, needs } = check;

      expect([meaning, cure].filter((text) => !/^[A-Z].*\.$/.test(text))).toEqual([]);
      expect(title).not.toMatch(/\.$/);
      expect(source).not.toBe("");
      expect(needs.length).toBeGreaterThan(0);
    },
  );

  it("has an up read what is there first, wherever that is the cure: by itself it sees no change by hand", () => {
    const cures = checks.map(({ cure }) => cure).filter((cure) => cure.includes("pulumi up"));

    expect(cures.length).toBeGreaterThan(4);
    expect(cures.filter((cure) => !cure.includes("npx pulumi up --refresh"))).toEqual([]);
  });
});
