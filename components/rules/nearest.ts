/** Most letters that a slip of the fingers changes. */
const slips = 2;

/** The known word that a misspelt one most likely means; undefined: none is near. Upper and lower case are the same. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((one) => ({ one, distance: distance(word.toLowerCase(), one.toLowerCase()) }))
    .filter((candidate) => candidate.distance <= Math.min(slips, candidate.one.length / 3))
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.one;
}

/** Letters to insert, remove or replace between two words (Levenshtein). */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > slips) return slips + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    let left = index + 1;
    const next = [left];
    for (const [at, against] of [...other].entries()) {
      const [above = 0, diagonal = 0] = [row[at + 1], row[at]];
      left = Math.min(left + 1, above + 1, diagonal + (letter === against ? 0 : 1));
      next.push(left);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
