import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Environment } from "./environment.ts";

/** The CLI that the rehearsal is written for; its go.mod is the only place that names the version. */
export interface PinnedCli {
  /** Without a leading v: `3.250.0`. Also the oldest that will do; the next major version will not. */
  readonly version: string;
  /** The oldest Go that can build it: `1.26`. */
  readonly goVersion: string;
  /** Folder of the go.mod. */
  readonly moduleFolder: string;
  /** What `go` is run with, but for the place of the result. */
  readonly buildFlags: readonly string[];
  /** Name of its folder in the cache; another one when anything that goes into the build changes. */
  readonly cacheName: string;
}

export const cliPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const versionSymbol = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * Reads which CLI is pinned.
 * @param moduleFolder folder with go.mod and go.sum
 * @throws Error when the go.mod does not name the CLI's module
 */
export function pinnedCli(moduleFolder: string): PinnedCli {
  const mod = readFileSync(join(moduleFolder, "go.mod"), "utf8");
  const sum = readFileSync(join(moduleFolder, "go.sum"), "utf8");
  const version = /^\s*(?:require )?github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m.exec(mod)?.[1];
  const goVersion = /^go (\S+)/m.exec(mod)?.[1];
  if (version === undefined || goVersion === undefined) {
    throw new Error(`${moduleFolder}/go.mod names no github.com/pulumi/pulumi/pkg/v3, or no go version`);
  }

  const ldflags = `-s -w -X ${versionSymbol}=v${version}`;
  const buildFlags = ["-mod=readonly", "-buildvcs=false", "-ldflags", ldflags];
  // The machine's kind counts too: home folders are shared between machines.
  const ingredients = [mod, sum, ...buildFlags, process.platform, process.arch];
  const hash = createHash("sha256").update(JSON.stringify(ingredients)).digest("hex").slice(0, 12);
  return { version, goVersion, moduleFolder, buildFlags, cacheName: `pulumi-${version}-${hash}` };
}

/** The project's own folder among the user's caches: `~/.cache/calico-ebpf-eks`, unless XDG_CACHE_HOME moves it. */
export function defaultCacheFolder({
  XDG_CACHE_HOME: moved = "",
  HOME: home = homedir(),
}: Environment): string {
  // The XDG specification has relative paths ignored.
  const caches = isAbsolute(moved) ? moved : join(home, ".cache");
  return join(caches, "calico-ebpf-eks");
}
