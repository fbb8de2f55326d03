import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Environment } from "./environment.ts";

/** A program that Go can build from pinned modules. */
export interface Buildable {
  /** Name of the executable. */
  readonly program: string;
  /** Its package: `k8s.io/kubernetes/cmd/kube-apiserver`. */
  readonly packagePath: string;
  /** Folder of the go.mod. */
  readonly moduleFolder: string;
  /** Arguments of `go`, except for the place of the result. */
  readonly buildFlags: readonly string[];
  /** Fills an empty folder, in which it is built. Default: it is built in the module's folder. */
  readonly prepare?: (folder: string, env: Environment) => Promise<void>;
}

/** A program whose version is pinned in a go.mod only. */
export interface Pinned extends Buildable {
  /** Without a leading v: `3.250.0`. */
  readonly version: string;
  /** The oldest Go that can build it: `1.26`. */
  readonly goVersion: string;
  /** Arguments that print its version. */
  readonly versionArguments: readonly string[];
  /** Name of its folder in the cache; changes with everything that goes into the build. */
  readonly cacheName: string;
}

/** The CLI version of the rehearsal, which is also the minimum; the next major version is not supported. */
export type PinnedCli = Pinned;

/** What is read from a go.mod, and how it is built. */
export interface Pin extends Pick<Buildable, "program" | "packagePath" | "moduleFolder" | "prepare"> {
  /** The module that the go.mod requires. */
  readonly module: string;
  /** Symbol that the linker sets to the version, where the program needs it. */
  readonly versionSymbol?: string;
  /** Further symbols that the linker sets, by name. */
  readonly symbols?: Readonly<Record<string, string>>;
  /** Files of the module's folder that the program is built from. */
  readonly sources?: readonly string[];
  /** Further flags of `go build`. */
  readonly flags?: readonly string[];
  /** Arguments that print its version. Default `--version`. */
  readonly versionArguments?: readonly string[];
}

const cliModule = "github.com/pulumi/pulumi/pkg/v3";
const cliPackage = `${cliModule}/cmd/pulumi`;
const versionSymbol = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * Reads the pinned CLI version.
 * @param moduleFolder folder with go.mod and go.sum
 * @throws Error when the go.mod does not name the CLI's module
 */
export function pinnedCli(moduleFolder: string): PinnedCli {
  return pinned({
    program: "pulumi",
    packagePath: cliPackage,
    moduleFolder,
    module: cliModule,
    versionSymbol,
  });
}

/**
 * Reads the pinned version of a program.
 * @throws Error when the go.mod does not name its module
 */
export function pinned(pin: Pin): Pinned {
  const { program, packagePath, moduleFolder, module, versionSymbol: symbol, flags = [] } = pin;
  const { versionArguments = ["--version"], symbols = {}, sources = [] } = pin;
  const mod = readFileSync(join(moduleFolder, "go.mod"), "utf8");
  const sum = readFileSync(join(moduleFolder, "go.sum"), "utf8");
  const words = mod.split("\n").map((line) =>
    line
      .trim()
      .replace(/^require /, "")
      .split(" "),
  );
  const version = words.find(([name, second]) => name === module && second?.startsWith("v"))?.[1]?.slice(1);
  const goVersion = /^go (\S+)/m.exec(mod)?.[1];
  if (version === undefined || goVersion === undefined) {
    throw new Error(`${moduleFolder}/go.mod names no ${module}, or no go version`);
  }

  const set = { ...(symbol === undefined ? {} : { [symbol]: `v${version}` }), ...symbols };
  const ldflags = ["-s -w", ...Object.entries(set).map(([name, value]) => `-X ${name}=${value}`)].join(" ");
  // The same wherever the modules lie, and packages that several programs share are compiled once.
  const buildFlags = ["-mod=readonly", "-buildvcs=false", "-trimpath", ...flags, "-ldflags", ldflags];
  // Includes the architecture: home directories are shared between machines.
  const own = sources.map((name) => readFileSync(join(moduleFolder, name), "utf8"));
  const ingredients = [mod, sum, ...own, ...buildFlags, process.platform, process.arch];
  const hash = createHash("sha256").update(JSON.stringify(ingredients)).digest("hex").slice(0, 12);
  const cacheName = `${program}-${version}-${hash}`;
  const { prepare } = pin;
  const build = {
    program,
    packagePath,
    moduleFolder,
    buildFlags,
    ...(prepare === undefined ? {} : { prepare }),
  };
  return { ...build, version, goVersion, versionArguments, cacheName };
}

/** The project's own folder among the user's caches: `~/.cache/calico-ebpf-eks`, unless XDG_CACHE_HOME moves it. */
export function defaultCacheFolder({
  XDG_CACHE_HOME: moved = "",
  HOME: home = homedir(),
}: Environment): string {
  // The XDG specification says to ignore relative paths.
  const caches = isAbsolute(moved) ? moved : join(home, ".cache");
  return join(caches, "calico-ebpf-eks");
}
