/** Width of what is printed for people, in characters: the width of a terminal that nobody has widened. */
export const columns = 80;

/**
 * Breaks a text between words into lines of at most {@link columns} characters. A word that is longer stays whole.
 * @param first precedes the first line; the others are indented by its length
 */
export function wrapped(text: string, first = "", rest = " ".repeat(first.length)): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}
