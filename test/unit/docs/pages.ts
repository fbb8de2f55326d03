import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** A document of this project. */
export interface Page {
  /** From the project's folder: `docs/ci.md`. */
  readonly file: string;
  readonly text: string;
}

/** A block of code between fences. */
export interface Block {
  /** What stands behind the opening fence: `sh run`. */
  readonly info: string;
  readonly code: string;
}

/** Folder of the project. */
export const root = join(import.meta.dirname, "..", "..", "..");

/** Every document that a user reads. */
export const pages: readonly Page[] = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((file) => `docs/${file}`),
]
  .filter((file) => file.endsWith(".md"))
  .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));

/** The page of a file, which has to be there. */
export function pageOf(file: string): Page {
  const page = pages.find((one) => one.file === file);
  if (page === undefined) throw new Error(`there is no ${file}`);
  return page;
}

/** Blocks of code in their order. */
export function blocksOf({ text }: Page): Block[] {
  const found = text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm);
  return [...found].map(([, info = "", code = ""]) => ({ info: info.trim(), code }));
}

/** Everything in a page that is code, in a block or in a line. */
export function codeOf(page: Page): string[] {
  const prose = page.text.replace(/^```[\s\S]*?^```$/gm, "");
  const inline = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  const blocks = blocksOf(page)
    .filter(({ info }) => /^(sh|bash|shell)\b/.test(info))
    .flatMap(({ code }) => code.split("\n"));
  return [...blocks, ...inline];
}

/** Anchors of a page's headings, as GitHub makes them, and those that it sets itself. */
export function anchorsOf({ text }: Pick<Page, "text">): Set<string> {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, "");
  const seen = new Map<string, number>();
  const anchors = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => {
    const slug = slugOf(heading);
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  const own = [...prose.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name = ""]) => name);
  return new Set([...anchors, ...own]);
}

function slugOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

/** Links of a page to places in this project that are not there. */
export function brokenLinks({ file, text }: Page): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, "");
  const links = [...prose.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : normalize(join(dirname(file), path));
    if (!existsSync(join(root, target))) return true;
    if (anchor === undefined) return false;
    return !anchorsOf({ text: readFileSync(join(root, target), "utf8") }).has(anchor);
  });
}

/** Paths into this project in a line of code. Stack files are examples, and `<…>` stands for a name. */
export function pathsOf(line: string): string[] {
  return [...line.matchAll(/(?<![\w/.-])(?:infra|components|test)\/[\w./*-]*(?![\w<])/g)].map(
    ([path]) => path,
  );
}

/** Whether no file or folder of the project has this path or fits this pattern. */
export function isMissing(path: string): boolean {
  return path.includes("*") ? globSync(path, { cwd: root }).length === 0 : !existsSync(join(root, path));
}
