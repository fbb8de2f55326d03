import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../userError.ts";
import { type BuildCount, building } from "./build.ts";
import { type CachePlace, cached, fillCache, type Maker } from "./cache.ts";
import { commandFor } from "./command.ts";
import { downloading } from "./download.ts";
import { type Environment, ownEnvironment } from "./environment.ts";
import { type Attempt, type Cli, inspect, neededVersions } from "./inspect.ts";
import { cliOnPath } from "./onPath.ts";
import { defaultCacheFolder, type PinnedCli, pinnedCli } from "./pinned.ts";
import { whileSaying } from "./whileSaying.ts";

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
  /** How long an executable on PATH may take to tell its version. Default 10. */
  readonly answerSeconds?: number;
}

export interface PulumiCli {
  readonly command: PulumiCommand;
  /** Without a leading v: `3.250.0`. */
  readonly version: string;
  /** One line for people: `pulumi v3.250.0 from /usr/local/bin/pulumi`. */
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
 * @throws UserError that tells why each way failed and what the user can do
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
      `The rehearsal needs a pulumi CLI ${neededVersions(pinned)}. None of the ways to one worked:`,
      ...failures,
      "Any one of these helps:",
      `  put a pulumi CLI >= ${pinned.version} on PATH: https://www.pulumi.com/docs/install`,
      "  allow the download from https://get.pulumi.com",
      `  install Go >= ${pinned.goVersion}, with which it is built here, once: https://go.dev/doc/install`,
    ].join("\n"),
  );
}

/** The CLI that is there already, on PATH or in the cache; undefined: there is none. Takes no time and builds nothing. */
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

/** As the Automation API and the npm package find it. */
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
  // Where the Automation API and the npm package keep theirs, so that there is one.
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
