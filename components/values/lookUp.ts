import { distance } from "fastest-levenshtein";

/** A row of a table by a key that a user wrote; undefined when there is none. */
export function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Edits accepted as a typo in a long name, where two are still unambiguous. */
const mostEdits = 2;

/** Letters of a name per edit. With fewer, another word is just as near: "addons" is two letters from "admins". */
const lettersPerEdit = 4;

/** Shortest name that can be recognised with a letter wrong. */
const shortest = 3;

/** The known word that a misspelt one most likely means; undefined: none is near. Upper and lower case are the same. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((one) => ({ one, edits: edits(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, edits }) => edits <= allowed(one.length))
    .toSorted((a, b) => a.edits - b.edits);
  return ranked[0]?.one;
}

function allowed(length: number): number {
  if (length < shortest) return 0;
  return Math.min(mostEdits, Math.max(1, Math.floor(length / lettersPerEdit)));
}

/** Edit distance; two swapped neighbours count as one edit. */
function edits(one: string, other: string): number {
  return areSwapped(one, other) ? 1 : distance(one, other);
}

function areSwapped(one: string, other: string): boolean {
  const at = [...one].findIndex((letter, index) => letter !== other[index]);
  if (at < 0 || one.length !== other.length) return false;
  return one[at] === other[at + 1] && one[at + 1] === other[at] && one.slice(at + 2) === other.slice(at + 2);
}
