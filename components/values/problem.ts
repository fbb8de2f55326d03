/** One problem with the settings, in the user's terms. */
export interface Problem {
  /** What the user typed, as a path: `nodePools.arm.instanceTypes[0]`. */
  readonly path: string;
  /** What was found: "m7i.large is x86_64". */
  readonly found: string;
  /** What must hold: "the pool's architecture is arm64". */
  readonly needs: string;
  /** What to do, without the final full stop: "Use m7g.large, or architecture: x86_64". */
  readonly fix: string;
}

/** What a rule finds: one problem, several, or none, an empty list. */
export type Found = Problem | readonly Problem[];

/** One line: `path: found; needs. fix.` */
export function problemLine({ path, found, needs, fix }: Problem): string {
  return `${path}: ${found}; ${needs}. ${fix}.`;
}

/** The one error of a run: a heading and a line per problem. */
export function problemReport(problems: readonly Problem[], where: string): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`calico-ebpf-eks: ${count} in ${where}`, ...problems.map((one) => `  ${problemLine(one)}`)].join(
    "\n",
  );
}

/** A problem for each value that stands in the list before. */
export function repeats(path: string, values: readonly string[], needs: string): Problem[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) === index
      ? []
      : { path: `${path}[${index}]`, found: `${value} is listed twice`, needs, fix: "Remove one" },
  );
}

const conjunction = new Intl.ListFormat("en-GB", { type: "conjunction" });
const disjunction = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** `listed(["a", "b", "c"])` → "a, b and c". */
export function listed(words: readonly string[]): string {
  return conjunction.format(words);
}

/** `alternatives(["a", "b", "c"])` → "a, b or c". */
export function alternatives(words: readonly string[]): string {
  return disjunction.format(words);
}

/** `counted(1, "node")` → "1 node", `counted(2, "node")` → "2 nodes". */
export function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
