/** A text without terminal control sequences and invalid bytes. */
export function printable(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\ufffd]+/gu, "?");
}

/** A text on one line, truncated. */
export function oneLine(text: string, most = 300): string {
  const line = printable(text).replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

/** Splits a list into lists of at most `size`. */
export function batches<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}
