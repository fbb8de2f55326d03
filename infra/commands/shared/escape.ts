/**
 * Characters to which no diagram of Mermaid gives a meaning, of its own or as Markdown: since version 11 a label that
 * begins with `1. ` or `- ` is a list, which it then refuses to draw.
 */
const plain = /[\p{L}\p{N} ,/·×-]/u;

/** Words that a line of a gantt chart may begin with; in a name they would be taken for the statement. */
const ganttWords =
  /^(gantt|title|section|click|dateformat|axisformat|tickinterval|todaymarker|excludes|includes|weekday|weekend|vert|acc)/i;

/** Text for a quoted label of a flowchart. Mermaid's own character codes, which every diagram decodes. */
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

/** Text for one cell of a Markdown table, as it is: no markup, no line break. */
export function cell(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>|~#$&]/g, "\\$&")
    .replace(/\s+/g, " ")
    .trim();
}

/** Text as a block of code, whatever it has of backticks itself. */
export function codeBlock(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}text`, text, fence];
}

function code(one: string): string {
  return /\s/.test(one) ? " " : `#${one.codePointAt(0)};`;
}
