import { codeBlock } from "../shared/escape.ts";
import { harmless } from "./github/sections.ts";

/** Characters of a program's output that a section shows. */
const mostShown = 30_000;

/** What a program wrote as Markdown: a heading and, folded away, its last words. */
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

/** The end of a text, as far as a reader will follow. */
export function lastWords(output: string): string {
  const text = output.trim();
  return text.length <= mostShown ? text : `…\n${text.slice(-mostShown)}`;
}
