import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { commands } from "./npmCommands.ts";
import { codeOf, pages } from "./pages.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** Files of the project's folder that a line of code writes. */
function writtenIn(line: string): string[] {
  const bare = line.replace(/(^|\s)#\s.*$/, "");
  const found = bare.matchAll(/(?:--(?:report|json|junit|output|folder)[ =]|[^0-9<-]> ?)([\w./-]+)/g);
  return [...found].map(([, file = ""]) => file).filter((file) => !/^(FILE|DIR|text|--|\/|\.)/.test(file));
}

const documented = [
  ...pages.flatMap((page) =>
    codeOf(page)
      .filter((line) => /npm run|pulumi|^cat >/.test(line))
      .flatMap(writtenIn),
  ),
  ...[...commands.values()].flatMap(({ options, example }) =>
    [example, ...Object.values(options).map((one) => one.example)].flatMap(writtenIn),
  ),
];

function isIgnored(file: string): boolean {
  try {
    execFileSync("git", ["check-ignore", "--quiet", "--no-index", file], { cwd: root });
    return true;
  } catch {
    return false;
  }
}

it("finds what the documents tell a reader to write", () => {
  expect(documented).toEqual(
    expect.arrayContaining(["kubeconfig.json", "rehearsal.md", "measure.md", "preview.json"]),
  );
});

it("lets git leave alone what the documents and the commands' own examples write", () => {
  expect([...new Set(documented)].filter((file) => !isIgnored(file))).toEqual([]);
});

it("does not ignore a file of the project", () => {
  const tracked = execFileSync("git", ["ls-files", "--cached", "--ignored", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });

  expect(tracked).toBe("");
  expect(["stacks/Pulumi.stage.yaml", "docs/new.md", "test/sample.json"].filter(isIgnored)).toEqual([]);
});

it("has one version of Pulumi: the SDK, npx pulumi, and what a rehearsal downloads", () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

  expect(dependencies.pulumi).toBe(dependencies["@pulumi/pulumi"]);
  expect(dependencies.pulumi).toMatch(/^\d+\.\d+\.\d+$/);
});
