/** `listed(["a", "b", "c"])` → "a, b and c". */
export function listed(words: readonly string[]): string {
  return joined(words, "and");
}

/** `alternatives(["a", "b", "c"])` → "a, b or c". */
export function alternatives(words: readonly string[]): string {
  return joined(words, "or");
}

/** `counted(1, "node")` → "1 node", `counted(2, "node")` → "2 nodes". */
export function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function joined(words: readonly string[], conjunction: string): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}
