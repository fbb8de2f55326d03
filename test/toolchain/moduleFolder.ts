import { fileURLToPath } from "node:url";
import { type Environment, ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { execute } from "../../infra/commands/shared/engine/process.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";

/** A Go module that is pinned here and read, not built. */
export interface PinnedModule {
  /** Its path: `github.com/tigera/operator`. */
  readonly module: string;
  /** Folder of test/toolchain that pins it. */
  readonly pinnedIn: string;
  /** What is read in it, for people: `the CRDs`. */
  readonly what: string;
}

/**
 * Downloads a module, or finds it in Go's cache.
 * @returns its folder and version, `v1.42.4`
 * @throws UserError when it cannot be had
 */
export async function moduleFolder(
  { module, pinnedIn, what }: PinnedModule,
  env: Environment = ownEnvironment(),
): Promise<{ folder: string; version: string }> {
  const outcome = await execute("go", ["mod", "download", "-json", module], {
    env: { ...env, GOWORK: "off" },
    folder: fileURLToPath(new URL(`./${pinnedIn}`, import.meta.url)),
    timeoutSeconds: 300,
  });
  if (!outcome.ok) {
    throw new UserError(`--kubernetes real needs ${what} in Go module ${module}: go ${outcome.reason}`);
  }
  const { Dir: folder, Version: version } = JSON.parse(outcome.output) as { Dir: string; Version: string };
  return { folder, version };
}
