/** Negative when the first version is the older one: numbers between dots, compared as numbers; a missing one is 0. */
export function compareVersions(one: string, other: string): number {
  const [ones, others] = [numbers(one), numbers(other)];
  const length = Math.max(ones.length, others.length);
  const differences = Array.from({ length }, (_, index) => (ones[index] ?? 0) - (others[index] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}

/** Whether the version lies in the range: from `from`, included, to `below`, excluded. */
export function inRange(
  version: string,
  { from, below }: { readonly from: string; readonly below?: string },
): boolean {
  return compareVersions(version, from) >= 0 && (below === undefined || compareVersions(version, below) < 0);
}

function numbers(version: string): number[] {
  return version.split(".").map(Number);
}
