import semver from "semver";

/** Negative when the first version is older. A minor version means its first patch: "1.36" is 1.36.0. */
export function compareVersions(one: string, other: string): number {
  return semver.compare(complete(one), complete(other));
}

/** Whether the version lies in the range: from `from`, included, to `below`, excluded. */
export function inRange(
  version: string,
  { from, below }: { readonly from: string; readonly below?: string },
): boolean {
  return semver.satisfies(complete(version), below === undefined ? `>=${from}` : `>=${from} <${below}`);
}

/** @throws TypeError for a text without a number */
function complete(version: string): semver.SemVer {
  const found = semver.coerce(version);
  if (found === null) throw new TypeError(`${version} is not a version`);
  return found;
}
