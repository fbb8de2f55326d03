import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readSettings } from "../../../components/checks/checks.ts";
import { problemReport } from "../../../components/values/problem.ts";
import { pageOf, root } from "./pages.ts";
import { settingsTables, withTables } from "./settingsTable.ts";

const file = join(root, "docs", "settings.md");
const { text: page } = pageOf("docs/settings.md");

describe("docs/settings.md", () => {
  // `npx vitest run --project unit test/unit/docs/settings.test.ts --update` writes the tables anew.
  it("has every setting with its default and meaning, as the schema has them", async () => {
    await expect(withTables(page, settingsTables())).toMatchFileSnapshot(file);
  });

  it("has a heading for each key, in the schema's order, and no other table of settings", () => {
    const keys = [...settingsTables().keys()];
    const headings = [...page.matchAll(/^## (\w+)$/gm)].map(([, key]) => key);

    expect(headings.filter((key) => keys.includes(key ?? ""))).toEqual(keys);
    expect(page.match(/^\| setting \| default \| meaning \|$/gm)).toHaveLength(keys.length);
  });

  it("has no default that GitHub cannot break into lines", () => {
    const defaults = [...page.matchAll(/^\| `[^|]*` \| ([^|]*) \|/gm)].map(([, value = ""]) => value);

    expect(defaults.length).toBeGreaterThan(50);
    expect(defaults.flatMap((value) => value.split(" ")).filter((word) => word.length > 40)).toEqual([]);
  });
});

describe("docs/outputs.md", () => {
  it("lists the outputs of the program, in their order", async () => {
    const source = await readFile(join(root, "infra", "outputs.ts"), "utf8");
    const declared = /interface Outputs \{(.*?)\n\}/s.exec(source)?.[1] ?? "";
    const outputs = [...declared.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name);
    const listed = [...pageOf("docs/outputs.md").text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

    expect(outputs.length).toBeGreaterThan(5);
    expect(listed).toEqual(outputs);
  });
});

describe("README", () => {
  const { text: readme } = pageOf("README.md");

  it("has at most 120 lines", () => {
    expect(readme.trimEnd().split("\n").length).toBeLessThanOrEqual(120);
  });

  it("states the three limits that decide before its first heading", () => {
    const aboveTheFold = readme.slice(0, readme.indexOf("\n## "));

    expect(aboveTheFold).toMatch(/one availability zone/i);
    expect(aboveTheFold).toMatch(/IPv4 only/);
    expect(aboveTheFold).toMatch(/never run on a live AWS account/i);
  });

  it("has one picture, which reads from left to right", () => {
    expect(readme.match(/^```mermaid\n.*$/gm)).toEqual(["```mermaid\nflowchart LR"]);
    expect(readme).not.toMatch(/direction (TB|TD|BT|RL)/);
  });

  it("names every command that is for users", async () => {
    const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const parts = ["check:types", "check:style", "format", "test"];
    const commands = Object.keys(scripts).filter((name) => !parts.includes(name));

    expect(commands.filter((name) => !readme.includes(`npm run ${name}`))).toEqual([]);
  });

  it("shows an error as the program words it", () => {
    const { problems } = readSettings({
      config: {
        "aws:region": "eu-west-1",
        "calico-ebpf-eks:network": JSON.stringify({ nodeZones: ["eu-west-1a", "eu-west-1b"] }),
        "calico-ebpf-eks:cluster": JSON.stringify({ publicAccessCidrs: ["198.18.0.7/32"] }),
        "calico-ebpf-eks:nodePools": JSON.stringify({
          arm: { architecture: "arm64", instanceTypes: ["m7i.large"] },
        }),
      },
      project: "calico-ebpf-eks",
      stack: "prod",
      today: new Date("2026-11-21"),
    });

    expect(readme).toContain(problemReport(problems, "the settings of stack prod"));
  });
});

describe("withTables", () => {
  const tables = settingsTables(
    z.strictObject({
      a: z.strictObject({ one: z.int().default(1).describe("First.") }).prefault({}),
      b: z.string().optional().describe("Second."),
    }),
  );
  const head = "| setting | default | meaning |\n|---|---|---|\n";

  it("writes each table below the heading of its key, and leaves the text alone", () => {
    const stale = `# S\n\n## a\n\nText.\n\n| setting | x |\n| old |\n\nMore.\n\n## b\n\n| setting |\n\n## z\n`;

    expect(withTables(stale, tables)).toBe(
      `# S\n\n## a\n\nText.\n\n${head}| \`a.one\` | \`1\` | First |\n\nMore.\n\n## b\n\n${head}| \`b\` | unset | Second |\n\n## z\n`,
    );
  });

  it.each([
    { without: "heading", text: "## a\n\n| setting |\n" },
    { without: "table", text: "## a\n\n| setting |\n\n## b\n\n## c\n\n| setting |\n" },
  ])("refuses a page without a $without for a key", ({ text }) => {
    expect(() => withTables(text, tables)).toThrow('no heading "## b" with a table of settings below it');
  });
});
