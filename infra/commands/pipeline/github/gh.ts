import { ask } from "../run.ts";
import type { Surroundings } from "../surroundings.ts";

/** Calls GitHub's API through the `gh` CLI, which has the workflow's token. */
export async function gh<Answer>(
  around: Surroundings,
  method: "GET" | "PATCH" | "POST",
  path: string,
  body?: unknown,
): Promise<Answer> {
  const input = body === undefined ? [] : ["--input", "-"];
  const pages = method === "GET" ? ["--paginate", "--slurp"] : [];
  const text = await ask(
    "gh",
    ["api", path, "--method", method, ...pages, ...input],
    around,
    body === undefined ? "" : JSON.stringify(body),
  );
  return JSON.parse(text === "" ? "null" : text) as Answer;
}

/** All pages of a list. */
export async function ghList<Item>(around: Surroundings, path: string): Promise<Item[]> {
  return (await gh<Item[][]>(around, "GET", `${path}${path.includes("?") ? "&" : "?"}per_page=100`)).flat();
}

/** `owner/name` */
export function repository({ env }: Surroundings): string {
  return env["GITHUB_REPOSITORY"] ?? "";
}

/** Address of this run, for people. */
export function runUrl({ env }: Surroundings): string {
  const { GITHUB_SERVER_URL: server = "https://github.com", GITHUB_RUN_ID: id = "" } = env;
  return `${server}/${env["GITHUB_REPOSITORY"] ?? ""}/actions/runs/${id}`;
}

/** Who the workflows write as. Somebody else's text with our marker is not ours. */
export const ownLogin = "github-actions[bot]";
