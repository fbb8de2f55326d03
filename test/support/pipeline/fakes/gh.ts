import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { ownEnvironment } from "../../../../infra/commands/shared/engine/environment.ts";

const env = ownEnvironment();

/**
 * Stands for `gh api`: a repository with comments, issues and changed files in the JSON file STAND_IN_GITHUB. Whatever it
 * writes, it writes as the workflows' own login.
 */
interface Item {
  id: number;
  number: number;
  body: string;
  state: string;
  user: { login: string };
}

const [, , , path = "", ...flags] = process.argv;
const method = flags[flags.indexOf("--method") + 1];
const file = env["STAND_IN_GITHUB"] ?? "";
const github: Record<string, Item[]> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const [list = "", query = ""] = path.replace(/^repos\/[^/]+\/[^/]+\//, "").split("?");
appendFileSync(env["STAND_IN_LOG"] ?? "", `gh ${method} ${list}\n`);

if (env["GH_TOKEN"] !== "ghs_job") fail("gh: To use GitHub CLI in a GitHub Actions workflow, set GH_TOKEN.");
if (method === "GET") {
  const items = github[list] ?? [];
  const open = query.includes("state=open") ? items.filter(({ state }) => state === "open") : items;
  // GitHub answers in pages; the second one here shows that both are read.
  process.stdout.write(JSON.stringify([open.slice(0, 1), open.slice(1)]));
} else {
  const body = JSON.parse(readFileSync(0, "utf8"));
  if (method === "POST") {
    const items = github[list] ?? [];
    const id = items.length + 1;
    github[list] = [
      ...items,
      { id, number: id, state: "open", user: { login: "github-actions[bot]" }, ...body },
    ];
  } else {
    const all = Object.values(github).flat();
    const target = all.find(({ id }) => id === Number(list.split("/").at(-1)));
    if (target === undefined) fail("gh: Not Found (HTTP 404)");
    else Object.assign(target, body);
  }
  writeFileSync(file, JSON.stringify(github));
  process.stdout.write("{}");
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
