/** A comment or an issue that the workflows keep up to date, piece by piece. */
export interface Sections {
  /** Tells it from all others; hidden in its text. */
  readonly marker: string;
  /** Text by name, in alphabetical order when written. */
  readonly sections: ReadonlyMap<string, string>;
}

/** GitHub takes 65,536 characters; the rest is for what holds the sections together. */
const mostCharacters = 64_000;

const begin = (name: string) => `<!-- section ${name} -->`;
const end = "<!-- end of section -->";

/** Reads what was written before; a text without sections has none. */
export function readSections(text: string): Map<string, string> {
  const found = text.matchAll(/<!-- section ([\w./-]+) -->\n([\s\S]*?)\n<!-- end of section -->/g);
  return new Map([...found].map(([, name = "", body = ""]) => [name, body]));
}

/** The whole text. Sections that are too long for it give way to what stands in the run's summary. */
export function writeSections({ marker, sections }: Sections, runUrl: string): string {
  const names = [...sections.keys()].toSorted();
  const room = Math.floor(mostCharacters / Math.max(1, names.length));
  const parts = names.map((name) =>
    [begin(name), shortened(sections.get(name) ?? "", room, runUrl), end].join("\n"),
  );
  return `${[marker, ...parts, `Brought up to date by [this run](${runUrl}).`].join("\n\n")}\n`;
}

/** The end of a section is the same in a text from elsewhere, which must not end it. */
export function harmless(text: string): string {
  return text.replaceAll("<!--", "&lt;!--");
}

function shortened(text: string, room: number, runUrl: string): string {
  if (text.length <= room) return text;
  const [firstLine = ""] = text.split("\n");
  return `${firstLine.slice(0, 1000)}\n\nToo long for a comment: [the summary of the run](${runUrl}) has all of it.`;
}
