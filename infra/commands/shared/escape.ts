/**
 * Characters without a meaning in any Mermaid diagram, neither Mermaid's nor Markdown's: since version 11 a label that
 * begins with `1. ` or `- ` is a list, which it then refuses to draw.
 */
const plain = /[\p{L}\p{N} ,/·×-]/u;

/** Keywords of a gantt chart; at the start of a name they would be read as a statement. */
const ganttWords =
  /^(gantt|title|section|click|dateformat|axisformat|tickinterval|todaymarker|excludes|includes|weekday|weekend|vert|acc)/i;

/** Text for a quoted label of a flowchart. Uses Mermaid's character codes, which every diagram decodes. */
export function mermaidText(text: string): string {
  return [...text]
    .map((one, index) => (plain.test(one) && !(one === "-" && index === 0) ? one : code(one)))
    .join("");
}

/** Text for the name of a task or a section of a gantt chart, or its title. */
export function ganttText(text: string): string {
  const [first = "", ...rest] = text;
  const escaped = mermaidText(text);
  return ganttWords.test(text) ? `${code(first)}${mermaidText(rest.join(""))}` : escaped;
}

/** Text for one cell of a Markdown table: no markup, no line break. */
export function cell(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>|~#$&]/g, "\\$&")
    .replace(/\s+/g, " ")
    .trim();
}

/** Text as a block of code, even with backticks in it. */
export function codeBlock(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}text`, text, fence];
}

function code(one: string): string {
  return /\s/.test(one) ? " " : `#${one.codePointAt(0)};`;
}
