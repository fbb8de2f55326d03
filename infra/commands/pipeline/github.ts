import { appendFileSync } from "node:fs";
import { codeBlock } from "../shared/escape.ts";
import { ask, type Surroundings } from "./run.ts";

/** A comment or an issue that the workflows update section by section. */
interface Sections {
  /** Identifies it; hidden in its text. */
  readonly marker: string;
  /** Text by name, in alphabetical order when written. */
  readonly sections: ReadonlyMap<string, string>;
}

/** GitHub accepts 65,536 characters; the rest is for the text around the sections. */
const mostCharacters = 64_000;

const begin = (name: string) => `<!-- section ${name} -->`;
const end = "<!-- end of section -->";

/** Reads the sections of an earlier text. */
export function readSections(text: string): Map<string, string> {
  const found = text.matchAll(/<!-- section ([\w./-]+) -->\n([\s\S]*?)\n<!-- end of section -->/g);
  return new Map([...found].map(([, name = "", body = ""]) => [name, body]));
}

/** The whole text. Sections that are too long are replaced with a link to the run's summary. */
export function writeSections({ marker, sections }: Sections, runUrl: string): string {
  const names = [...sections.keys()].toSorted();
  const room = Math.floor(mostCharacters / Math.max(1, names.length));
  const parts = names.map((name) =>
    [begin(name), shortened(sections.get(name) ?? "", room, runUrl), end].join("\n"),
  );
  return `${[marker, ...parts, `Updated by [this run](${runUrl}).`].join("\n\n")}\n`;
}

/** The end of a section is the same in a text from elsewhere, which must not end it. */
export function harmless(text: string): string {
  return text.replaceAll("<!--", "&lt;!--");
}

function shortened(text: string, room: number, runUrl: string): string {
  if (text.length <= room) return text;
  const [firstLine = ""] = text.split("\n");
  return `${firstLine.slice(0, 1000)}\n\nToo long for a comment: [the summary of the run](${runUrl}) has the full text.`;
}

/** Characters of a program's output that a section shows. */
const mostShown = 30_000;

/** A program's output as Markdown: a heading and, collapsed, the end of the output. */
export function outputSection(heading: string, output: string): string {
  return [
    `# ${heading}`,
    "",
    "<details><summary>Output</summary>",
    "",
    ...codeBlock(harmless(lastWords(output))),
    "",
    "</details>",
  ].join("\n");
}

/** The end of a text, of readable length. */
function lastWords(output: string): string {
  const text = output.trim();
  return text.length <= mostShown ? text : `…\n${text.slice(-mostShown)}`;
}

/** Adds Markdown to the job's summary; outside a workflow it is only printed. */
export function summarize({ env, say }: Surroundings, markdown: string): void {
  const { GITHUB_STEP_SUMMARY: file } = env;
  if (file) appendFileSync(file, `${markdown}\n\n`);
  else say(`${markdown}\n`);
}

/** Sets outputs of the step, each a text of one line. */
export function setOutputs({ env, say }: Surroundings, outputs: Readonly<Record<string, string>>): void {
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value.replace(/[\r\n]+/g, " ")}\n`);
  say(lines.join(""));
  if (env["GITHUB_OUTPUT"]) appendFileSync(env["GITHUB_OUTPUT"], lines.join(""));
}

/** Calls GitHub's API through the `gh` CLI, which has the workflow's token. */
async function gh<Answer>(
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

/** URL of this run. */
export function runUrl({ env }: Surroundings): string {
  const { GITHUB_SERVER_URL: server = "https://github.com", GITHUB_RUN_ID: id = "" } = env;
  return `${server}/${env["GITHUB_REPOSITORY"] ?? ""}/actions/runs/${id}`;
}

/** The author of the workflows' texts. A text by another author with this marker is left alone. */
const ownLogin = "github-actions[bot]";

const commentMarker = "<!-- calico-ebpf-eks pull request -->";

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string };
}

/**
 * Writes one section of the one comment of a pull request. Does nothing where there is no pull request to write to, or no
 * permission to: COMMENT_ON is its number.
 * @param others what happens to the other sections
 */
export async function commentOn(
  around: Surroundings,
  section: string,
  text: string,
  others: "kept" | "dropped" = "kept",
): Promise<void> {
  const { COMMENT_ON: number = "" } = around.env;
  if (!/^\d+$/.test(number)) return;
  const repo = `repos/${repository(around)}`;
  const comments = await ghList<Comment>(around, `${repo}/issues/${number}/comments`);
  const ours = comments.find(({ body, user }) => user.login === ownLogin && body.startsWith(commentMarker));
  const before = others === "kept" ? readSections(ours?.body ?? "") : new Map<string, string>();
  const sections = before.set(section, text);
  const body = writeSections({ marker: commentMarker, sections }, runUrl(around));
  if (ours === undefined) await gh(around, "POST", `${repo}/issues/${number}/comments`, { body });
  else await gh(around, "PATCH", `${repo}/issues/comments/${ours.id}`, { body });
}

const issueMarker = "<!-- calico-ebpf-eks drift -->";
const title = "AWS and the stacks differ";

interface Issue {
  readonly number: number;
  readonly body: string | null;
  readonly user: { readonly login: string };
  /** Only pull requests have it. */
  readonly pull_request?: unknown;
}

/**
 * Keeps the one issue about drift: opens it with the first stack that differs, writes a section per stack, and closes it
 * when no stack differs.
 * @param text undefined: the stack does not differ
 */
export async function reportDrift(
  around: Surroundings,
  stack: string,
  text: string | undefined,
): Promise<void> {
  const repo = `repos/${repository(around)}`;
  const open = await ghList<Issue>(around, `${repo}/issues?state=open`);
  const ours = open.find(
    ({ body, user, pull_request }) =>
      user.login === ownLogin && pull_request === undefined && body?.startsWith(issueMarker),
  );
  if (ours === undefined && text === undefined) return;
  const sections = readSections(ours?.body ?? "");
  if (text === undefined) sections.delete(stack);
  else sections.set(stack, text);
  const body = writeSections({ marker: issueMarker, sections }, runUrl(around));
  if (ours === undefined) {
    await gh(around, "POST", `${repo}/issues`, { title, body });
  } else if (sections.size === 0) {
    const closed = {
      state: "closed",
      state_reason: "completed",
      body: `${issueMarker}\n\nNo stack differs.\n`,
    };
    await gh(around, "PATCH", `${repo}/issues/${ours.number}`, closed);
  } else {
    await gh(around, "PATCH", `${repo}/issues/${ours.number}`, { body });
  }
}
