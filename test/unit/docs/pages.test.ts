import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commands, problemOf, usesOf } from "./npmCommands.ts";
import {
  anchorsOf,
  blocksOf,
  brokenLinks,
  codeOf,
  isMissing,
  pageOf,
  pages,
  pathsOf,
  root,
} from "./pages.ts";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const names = Object.keys(scripts);

describe.each(pages)("$file", (page) => {
  it("links only to what is there, headings included", () => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it("names only files and folders of this project that exist", () => {
    expect(codeOf(page).flatMap(pathsOf).filter(isMissing)).toEqual([]);
  });

  it("names only commands of this project that exist, with options that they have", () => {
    const problems = codeOf(page)
      .flatMap(usesOf)
      .flatMap((use) => problemOf(use, names) ?? []);

    expect(problems).toEqual([]);
  });
});

describe.each(["docs/README.md", "docs/contributing/README.md"])("%s", (file) => {
  it("lists every document in its folder, and nothing twice", () => {
    const folder = file.replace("README.md", "");
    const links = [...pageOf(file).text.matchAll(/\]\((\w[\w-]*\.md)\)/g)].map(([, link = ""]) => link);
    const others = pages
      .map((page) => page.file)
      .filter((one) => one.startsWith(folder) && one !== file)
      .map((one) => one.slice(folder.length))
      .filter((one) => !one.includes("/"));

    expect(links.toSorted()).toEqual(others.toSorted());
  });
});

describe("what looks at the documents", () => {
  it("finds links to missing files and headings, and leaves those elsewhere alone", () => {
    const text =
      "[a](gone.md) [b](ci.md#no-such) [c](#here) [d](#gone) [e](https://example.com/x.md)\n## Here\n```md\n[f](gone2.md)\n```\n";

    expect(brokenLinks({ file: "docs/page.md", text })).toEqual([
      "gone.md",
      "ci.md#no-such",
      "#here",
      "#gone",
    ]);
    expect(
      brokenLinks({ file: "docs/ci.md", text: "[a](#set-it-up) [b](ci.md#set-it-up) [c](../README.md)" }),
    ).toEqual([]);
  });

  it("finds paths that are not there, and leaves alone patterns, examples and paths elsewhere", () => {
    const line =
      "infra/index.js components/facts/gone.ts test/gone/ test/scenarios/realKubernetes/existing*.test.ts pkg/infra/x.go stacks/Pulumi.<stack>.yaml";

    expect(pathsOf(line).filter(isMissing)).toEqual(["components/facts/gone.ts", "test/gone/"]);
  });

  it("makes anchors as GitHub does", () => {
    const text =
      "# A `b` & c: d_e\n## Same\n## Same\n### What [this](x.md) is, 1.2\n```\n# no heading\n```\n";

    expect([...anchorsOf({ text })]).toEqual(["a-b--c-d_e", "same", "same-1", "what-this-is-12"]);
  });

  it("reads blocks and lines of code", () => {
    const page = {
      file: "x.md",
      text: "Say `npm run a`.\n\n```sh run\nnpm run b\n```\n\n```text\nnpm run c\n```\n",
    };

    expect(blocksOf(page).map(({ info }) => info)).toEqual(["sh run", "text"]);
    expect(codeOf(page).filter(Boolean)).toEqual(["npm run b", "npm run a"]);
  });

  it.each([
    { line: "npm ci && npm run rehearse", uses: [{ script: "rehearse", options: [] }] },
    {
      line: "npm run rehearse -- --stack prod --report x.md # --until up",
      uses: [{ script: "rehearse", options: ["stack", "report"] }],
    },
    { line: "npm run -s stacks -- --json | jq .", uses: [{ script: "stacks", options: ["json"] }] },
    { line: "npx pulumi up --yes", uses: [] },
  ])("reads uses of npm run in $line", ({ line, uses }) => {
    expect(usesOf(line)).toEqual(uses);
  });

  it("knows the options of every command that has some", () => {
    expect([...commands.keys()]).toEqual(
      expect.arrayContaining(["pipeline", "rehearse", "stacks", "verify"]),
    );
    expect(problemOf({ script: "rehearse", options: ["stack", "until"] }, names)).toBeUndefined();
  });

  it.each([
    { use: { script: "gone", options: [] }, problem: "npm run gone: there is no such script" },
    { use: { script: "rehearse", options: ["live"] }, problem: "npm run rehearse: no option --live" },
    { use: { script: "check", options: ["stack"] }, problem: "npm run check: no option --stack" },
  ])("finds $problem", ({ use, problem }) => {
    expect(problemOf(use, names)).toBe(problem);
  });
});
