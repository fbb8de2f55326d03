import type { Environment } from "./environment.ts";
import { execute } from "./execute.ts";
import type { PinnedCli } from "./pinned.ts";

export interface Cli {
  /** Absolute path of the executable. */
  readonly file: string;
  /** Without a leading v: `3.250.0`. */
  readonly version: string;
}

/** What came of one way to get a CLI; the reason is one line for people. */
export type Attempt = { readonly cli: Cli } | { readonly reason: string };

/** The versions that will do, for people: `>= 3.250.0 < 4`. */
export function neededVersions({ version }: PinnedCli): string {
  return `>= ${version} < ${Number.parseInt(version, 10) + 1}`;
}

/**
 * Asks an executable for its version and says whether it fits.
 * @param timeoutSeconds default 10: an npm shim that starts to download, or a dead network drive, is no CLI
 */
export async function inspect(
  file: string,
  pinned: PinnedCli,
  env: Environment,
  timeoutSeconds = 10,
): Promise<Attempt> {
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const outcome = await execute(file, ["version"], { env: quiet, timeoutSeconds });
  if (!outcome.ok) return { reason: `${file} ${outcome.reason}` };

  const version = /^v?(\d+\.\d+\.\d+\S*)\s*$/.exec(outcome.output)?.[1];
  if (version === undefined) return { reason: `${file} does not say its version` };
  if (!fits(version, pinned.version)) {
    return { reason: `${file} is v${version}; needed is ${neededVersions(pinned)}` };
  }
  return { cli: { file, version } };
}

/** A pre-release counts as its release: development builds carry such versions. */
function fits(version: string, oldest: string): boolean {
  const [major = 0, minor = 0, patch = 0] = numbers(version);
  const [sameMajor = 0, oldestMinor = 0, oldestPatch = 0] = numbers(oldest);
  return major === sameMajor && (minor > oldestMinor || (minor === oldestMinor && patch >= oldestPatch));
}

function numbers(version: string): number[] {
  return version.split(/[.+-]/, 3).map(Number);
}
