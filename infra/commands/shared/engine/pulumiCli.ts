import { accessSync, constants, statSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../errors.ts";
import { whileSaying } from "../progress.ts";
import {
  type BuildCount,
  building,
  type CachePlace,
  cached,
  downloading,
  fillCache,
  type Maker,
} from "./build.ts";
import { type Environment, ownEnvironment } from "./environment.ts";
import { defaultCacheFolder, type PinnedCli, pinnedCli } from "./pinned.ts";
import { execute } from "./process.ts";

interface Cli {
  /** Absolute path of the executable. */
  readonly file: string;
  /** Without a leading v: `3.250.0`. */
  readonly version: string;
}

/** The result of one way to get a CLI; the reason is a one-line message. */
type Attempt = { readonly cli: Cli } | { readonly reason: string };

/** The supported versions, as text: `>= 3.250.0 < 4`. */
function neededVersions({ version }: PinnedCli): string {
  return `>= ${version} < ${Number.parseInt(version, 10) + 1}`;
}

/**
 * Runs an executable to get its version, and checks whether it fits.
 * @param timeoutSeconds default 10: an npm shim that starts to download, or a dead network drive, is not a usable CLI
 */
async function inspect(
  file: string,
  pinned: PinnedCli,
  env: Environment,
  timeoutSeconds = 10,
): Promise<Attempt> {
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const outcome = await execute(file, ["version"], { env: quiet, timeoutSeconds });
  if (!outcome.ok) return { reason: `${file} ${outcome.reason}` };

  const version = /^v?(\d+\.\d+\.\d+\S*)\s*$/.exec(outcome.output)?.[1];
  if (version === undefined) return { reason: `${file} does not print its version` };
  if (!fits(version, pinned.version)) {
    return { reason: `${file} is v${version}; required is ${neededVersions(pinned)}` };
  }
  return { cli: { file, version } };
}

/** A pre-release counts as its release: development builds have such versions. */
function fits(version: string, oldest: string): boolean {
  const [major = 0, minor = 0, patch = 0] = numbers(version);
  const [sameMajor = 0, oldestMinor = 0, oldestPatch = 0] = numbers(oldest);
  return major === sameMajor && (minor > oldestMinor || (minor === oldestMinor && patch >= oldestPatch));
}

function numbers(version: string): number[] {
  return version.split(/[.+-]/, 3).map(Number);
}

/** A version as the Automation API expects it. */
type Version = NonNullable<PulumiCommand["version"]>;

// The Automation API's own copy of semver, because it requires that copy's class.
const own = createRequire(import.meta.url);
const sdk = createRequire(own.resolve("@pulumi/pulumi/automation/index.js"));
const { SemVer } = sdk("semver") as { SemVer: new (version: string) => Version };

export function parseVersion(version: string): Version {
  return new SemVer(version);
}

/**
 * The Automation API's command for exactly this executable.
 *
 * `PulumiCommand.get` knows `<root>/bin/pulumi`, or whichever is first on PATH: in an npm script that is the npm
 * package's downloader. Hence its constructor, which is private in the types only.
 */
function commandFor({ file, version }: Cli): PulumiCommand {
  return Reflect.construct(PulumiCommand, [file, parseVersion(version)]);
}

/** The first fitting CLI on PATH; the reason lists every one that did not fit. */
async function cliOnPath(pinned: PinnedCli, env: Environment, timeoutSeconds?: number): Promise<Attempt> {
  const { PATH: path = "" } = env;
  const folders = new Set(path.split(delimiter).filter(isAbsolute).map(normalize));
  const reasons: string[] = [];
  for (const folder of folders) {
    const file = join(folder, "pulumi");
    if (!isExecutable(file)) continue;
    if (/[\\/]node_modules[\\/]\.bin[\\/]?$/.test(folder)) {
      reasons.push(`${file} is npm's, which only downloads one`);
      continue;
    }
    const attempt = await inspect(file, pinned, env, timeoutSeconds);
    if ("cli" in attempt) return attempt;
    reasons.push(attempt.reason);
  }
  return { reason: reasons.join("; ") || "has no pulumi" };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

export interface PulumiCliOptions {
  /** Receives a line of progress at a time, while a download or a build runs. */
  readonly say: (line: string) => void;
  /** Environment for PATH, HOME and proxies. Default: this process's own. */
  readonly env?: Environment;
  /** Default: `calico-ebpf-eks` in XDG_CACHE_HOME, or in `~/.cache`. */
  readonly cacheFolder?: string;
  /** Folder of the go.mod that pins the CLI. Default: the repository's own. */
  readonly moduleFolder?: string;
  /** How to download. Default: through the Automation API, for 180 s at most. */
  readonly download?: Maker;
  /** Version that is downloaded. Default: that of the npm package `pulumi`, which `npx pulumi` downloads, too. */
  readonly downloadVersion?: string;
  /** Time between two lines of progress, elsewhere than on a terminal. Default 60. */
  readonly everySeconds?: number;
  /** How long an executable on PATH may take to print its version. Default 10. */
  readonly answerSeconds?: number;
}

interface PulumiCli {
  readonly command: PulumiCommand;
  /** Without a leading v: `3.250.0`. */
  readonly version: string;
  /** One-line description: `pulumi v3.250.0 from /usr/local/bin/pulumi`. */
  readonly origin: string;
}

const { version: npmVersion } = createRequire(import.meta.url)("pulumi/package.json") as {
  readonly version: string;
};
const ownModuleFolder = fileURLToPath(new URL("./pulumi", import.meta.url));
const downloadSeconds = 180;
const downloadName = "download";
const buildName = "build from Go modules";

/**
 * Gets a `pulumi` CLI: from PATH, where `npx pulumi` keeps its own, from the project's cache, by download, or built from
 * Go modules, whichever works first. Only the build has another version than the npm packages: the one that go.mod pins.
 * @throws UserError with the reason why each way failed, and what the user can do
 */
export async function pulumiCli(options: PulumiCliOptions): Promise<PulumiCli> {
  const failures: string[] = [];
  const pinned = pinnedCli(options.moduleFolder ?? ownModuleFolder);

  for (const [name, attempt] of ways(pinned, options)) {
    const result = await attempt().catch((error: Error) => ({ reason: error.message }));
    if ("cli" in result) return described(result.cli);
    failures.push(`  ${name}: ${result.reason}`);
    if (name === downloadName) options.say(`The download failed: ${result.reason}`);
  }
  throw new UserError(
    [
      `The rehearsal needs a pulumi CLI ${neededVersions(pinned)}. None could be found or installed:`,
      ...failures,
      "Do one of the following:",
      `  install a pulumi CLI >= ${pinned.version} on PATH: https://www.pulumi.com/docs/install`,
      "  allow the download from https://get.pulumi.com",
      `  install Go >= ${pinned.goVersion}, which builds it once: https://go.dev/doc/install`,
    ].join("\n"),
  );
}

/** An installed CLI, on PATH or in the cache; undefined: none. Downloads and builds nothing. */
export async function presentPulumiCli(
  options: Partial<PulumiCliOptions> = {},
): Promise<PulumiCli | undefined> {
  const pinned = pinnedCli(options.moduleFolder ?? ownModuleFolder);
  for (const [name, attempt] of ways(pinned, { say: () => {}, ...options })) {
    if (name === downloadName || name === buildName) continue;
    const result = await attempt();
    if ("cli" in result) return described(result.cli);
  }
  return undefined;
}

/** The paths of the Automation API and the npm package. */
function pulumiHome({ PULUMI_HOME: moved = "", HOME: home = homedir() }: Environment): string {
  return moved === "" ? join(home, ".pulumi") : moved;
}

function described(cli: Cli): PulumiCli {
  const origin = `pulumi v${cli.version} from ${cli.file}`;
  return { command: commandFor(cli), version: cli.version, origin };
}

function ways(
  pinned: PinnedCli,
  options: PulumiCliOptions,
): [name: string, attempt: () => Promise<Attempt>][] {
  const env = options.env ?? ownEnvironment();
  const folder = join(options.cacheFolder ?? defaultCacheFolder(env), pinned.cacheName);
  const place: CachePlace<{ readonly cli: Cli }> = {
    folder,
    program: pinned.program,
    inspect: (file) => inspect(file, pinned, env),
  };
  const version = options.downloadVersion ?? npmVersion;
  // The location that the Automation API and the npm package use, so that there is only one.
  const npmPlace = { ...place, folder: join(pulumiHome(env), "versions", version) };
  const download = options.download ?? downloading(version, env, downloadSeconds);
  const count: BuildCount = { modules: 0, packages: 0 };
  const title = `pulumi v${pinned.version}`;
  const filling = (at: typeof place, make: Maker, line: (elapsed: string) => string) =>
    whileSaying(options, line, () => fillCache(at, make));

  return [
    ["PATH", () => cliOnPath(pinned, env, options.answerSeconds)],
    ["npx pulumi", () => cached(npmPlace)],
    ["cache", () => cached(place)],
    [
      downloadName,
      () =>
        filling(
          npmPlace,
          download,
          (elapsed) => `downloading pulumi v${version}: ${elapsed}, at most ${downloadSeconds} s`,
        ),
    ],
    [
      buildName,
      () =>
        filling(place, building(pinned, env, count), (elapsed) => {
          const done = `${elapsed}, ${count.modules} modules, ${count.packages} packages`;
          return `building ${title} (five minutes on two cores, once): ${done}`;
        }),
    ],
  ];
}
