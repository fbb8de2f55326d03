import { listed } from "../../values/words.ts";

/** Most nodes that a line names. */
const mostNamed = 3;

/** `nodes a, b, c and 7 others`: a line for all nodes with one problem, not one for each. */
export function nodesText(names: readonly string[]): string {
  if (names.length === 1) return `node ${names[0]}`;
  if (names.length <= mostNamed) return `nodes ${listed(names)}`;
  const others = names.length - mostNamed;
  return `nodes ${names.slice(0, mostNamed).join(", ")} and ${others} ${others === 1 ? "other" : "others"}`;
}

/** Groups of values that have a text in common, in the order in which the texts are first met. */
export function groupedBy<T>(
  values: readonly T[],
  textOf: (value: T) => string,
): [text: string, group: T[]][] {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const text = textOf(value);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [value]);
    else group.push(value);
  }
  return [...groups];
}
