/** What readers had to read twice. docs/contributing/README.md says what to write instead. */
const retired = [
  /\bbeside\b(?!-)/,
  /\bwhoever\b/,
  /\bsomebody\b/,
  /\bnobody\b/,
  /\bso many\b/,
  /\bcomes? to\b/,
  /\bas far as\b/,
  /(?<!\bthere )\bis no (?!longer\b)\w/,
  /\bstand-ins?\b/,
  /\bmend(?:s|ed|ing)?\b/,
  /\btold\b/,
  /\basked\b/,
  /\bof (?:its|their|our|your|one's) own\b/,
  /\bfor ever\b/,
];

/** Retired phrases in a text, in no order, each as often as it is there. */
export function retiredIn(text: string): string[] {
  const line = text.replace(/\s+/g, " ");
  return retired.flatMap((phrase) => line.match(new RegExp(phrase, "gi")) ?? []);
}

/** A page without its code, in blocks or in a line, which other tests hold to what is there. */
export function proseOf(page: string): string {
  return page.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`\n]+`/g, "");
}
