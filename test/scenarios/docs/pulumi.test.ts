import { beforeAll, describe, expect, it } from "vitest";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import { execute } from "../../../infra/commands/shared/engine/process.ts";
import { pulumiCli } from "../../../infra/commands/shared/engine/pulumiCli.ts";
import { codeOf, pages } from "../../unit/docs/pages.ts";
import { pulumiProblem, pulumiUsesOf } from "../../unit/docs/pulumiCommands.ts";

let file = "";
const helps = new Map<string, Promise<string | undefined>>();

beforeAll(async () => {
  file = (await pulumiCli({ say: () => {} })).command.command;
});

function help(words: readonly string[]): Promise<string | undefined> {
  const key = words.join(" ");
  const known = helps.get(key);
  if (known !== undefined) return known;
  const env = { ...ownEnvironment(), PULUMI_SKIP_UPDATE_CHECK: "true" };
  const help = execute(file, [...words, "--help"], { env }).then((outcome) =>
    outcome.ok ? outcome.output : undefined,
  );
  helps.set(key, help);
  return help;
}

describe("the CLI", () => {
  it.each(pages)("has every command and flag that $file names", async (page) => {
    const problems: (string | undefined)[] = [];
    for (const use of codeOf(page).flatMap(pulumiUsesOf)) problems.push(await pulumiProblem(use, help));

    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });

  it.each([
    { line: "npx pulumi refresh --stack dev --preview-only --expect-no-changes", problem: undefined },
    { line: "npx pulumi stack init dev --secrets-provider x", problem: undefined },
    { line: "pulumi upp", problem: "pulumi upp: there is no command upp" },
    { line: "pulumi stack frobnicate", problem: "pulumi stack frobnicate: stack has no command frobnicate" },
    { line: "npx pulumi up --no-such", problem: "pulumi up --no-such: no flag --no-such" },
    { line: "npx pulumi up --expect-no", problem: "pulumi up --expect-no: no flag --expect-no" },
    { line: "npx pulumi stack output -Z", problem: "pulumi stack output -Z: no flag -Z" },
  ])("is checked: $line", async ({ line, problem }) => {
    const [use] = pulumiUsesOf(line);

    expect(use && (await pulumiProblem(use, help))).toBe(problem);
  });
});
