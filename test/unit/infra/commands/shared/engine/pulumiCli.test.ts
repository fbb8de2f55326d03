import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type PulumiCliOptions,
  pulumiCli,
} from "../../../../../../infra/commands/shared/engine/pulumiCli.ts";
import { UserError } from "../../../../../../infra/commands/shared/errors.ts";

// Each case starts programs, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

let root: string;
let said: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pulumi-cli-"));
  said = [];
  write("module/go.mod", "module tools\n\ngo 1.26\n\nrequire github.com/pulumi/pulumi/pkg/v3 v3.250.0\n");
  write("module/go.sum", "");
});

afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): string {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function script(file: string, ...lines: string[]): string {
  const path = write(file, ["#!/bin/sh", ...lines].join("\n"));
  chmodSync(path, 0o755);
  return path;
}

const says = (version: string) => `echo ${version}`;
/** Stands in for Go: a build leaves a CLI that tells the version v3.250.0. */
const fakeGo = (...lines: string[]) =>
  script(
    "go/go",
    'while [ "$1" != -o ]; do shift; done',
    "echo 'go: downloading example.com/module v1.0.0' >&2; echo example.com/module/package >&2",
    ...lines,
    '/bin/mkdir -p "$(/usr/bin/dirname "$2")"',
    'printf \'#!/bin/sh\\necho v3.250.0\\n\' > "$2"; /bin/chmod +x "$2"',
  );
const offline = async () => "no network";

/** Only these folders are on PATH: the machine's own Go and CLI stay out of it. */
function cli(path: readonly string[], options: Partial<PulumiCliOptions> = {}) {
  return pulumiCli({
    say: (line) => said.push(line),
    env: {
      PATH: path.map((folder) => join(root, folder)).join(":"),
      HOME: root,
      XDG_CACHE_HOME: join(root, "xdg"),
    },
    moduleFolder: join(root, "module"),
    download: offline,
    downloadVersion: "3.265.0",
    ...options,
  });
}

const cache = () => join(root, "xdg/calico-ebpf-eks");
const inCache = () => (existsSync(cache()) ? readdirSync(cache()) : []);
const cached = expect.stringMatching(/^pulumi-3\.250\.0-[0-9a-f]{12}$/);

async function failureOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message.replaceAll(root, "ROOT").replace(/-[0-9a-f]{12}/g, "-HASH");
}

describe("a CLI on PATH", () => {
  it.each(["v3.250.0", "v3.251.0-alpha.1", "v3.300.1"])("is used when it is %s", async (version) => {
    const file = script("bin/pulumi", says(version));

    const { command, origin, ...rest } = await cli(["bin"]);
    expect(rest).toEqual({ version: version.slice(1) });
    expect(origin).toBe(`pulumi ${version} from ${file}`);
    expect(command).toBeInstanceOf(PulumiCommand);
    expect([command.command, command.version?.version]).toEqual([file, version.slice(1)]);
    expect([said, inCache()]).toEqual([[], []]);
  });

  it("is passed over when it does not fit, does not work, or is npm's downloader", async () => {
    script("old/pulumi", says("v3.249.9"));
    script("next/pulumi", says("v4.0.0"));
    script("odd/pulumi", says("hello"));
    script("broken/pulumi", "echo 'cannot load a library' >&2", "exit 127");
    script("node_modules/.bin/pulumi", says("v3.250.0"));
    write("noProgram/pulumi", "");
    mkdirSync(join(root, "folder/pulumi"), { recursive: true });
    const file = script("good/pulumi", says("v3.250.0"));
    const unfit = [
      "old",
      "next",
      "odd",
      "broken",
      "slow",
      "node_modules/.bin",
      "noProgram",
      "folder",
      "absent",
    ];

    expect((await cli([...unfit, "good"])).origin).toBe(`pulumi v3.250.0 from ${file}`);
    expect((await failureOf(cli(unfit))).split("\n")[1]).toBe(
      "  PATH: ROOT/old/pulumi is v3.249.9; required is >= 3.250.0 < 4" +
        "; ROOT/next/pulumi is v4.0.0; required is >= 3.250.0 < 4" +
        "; ROOT/odd/pulumi does not print its version" +
        "; ROOT/broken/pulumi ended with code 127: cannot load a library" +
        "; ROOT/node_modules/.bin/pulumi is npm's, which only downloads one",
    );
  });

  it("is passed over when it does not answer in time", async () => {
    script("slow/pulumi", "/bin/sleep 60");

    expect((await failureOf(cli(["slow"], { answerSeconds: 0.2 }))).split("\n")[1]).toBe(
      "  PATH: ROOT/slow/pulumi did not end within 0.2 s",
    );
  });
});

describe("without a CLI on PATH", () => {
  it("a download goes where npx pulumi keeps its own, which the next run uses", async () => {
    const download = async (folder: string) => {
      mkdirSync(join(folder, "bin"));
      script(join(folder, "bin/pulumi").slice(root.length), says("v3.265.0"));
      return undefined;
    };
    const first = await cli([], { download });
    expect(said).toEqual(["downloading pulumi v3.265.0: 0.0 s, at most 180 s"]);
    expect(inCache()).toEqual([]);
    expect(first.origin).toBe(`pulumi v3.265.0 from ${join(root, ".pulumi/versions/3.265.0/bin/pulumi")}`);

    expect(await cli([])).toEqual(first);
    expect(said).toHaveLength(1);
  });

  it("and without a download Go builds it, once, and tells how far it is", async () => {
    fakeGo("/bin/sleep 1");
    const first = await cli(["go"], { everySeconds: 0.3 });

    expect(said.slice(0, 2)).toEqual([
      "downloading pulumi v3.265.0: 0.0 s, at most 180 s",
      "The download failed: no network",
    ]);
    expect(said.at(-1)).toMatch(
      /^building pulumi v3\.250\.0 \(five minutes on two cores, once\): \d\.\d s, 1 modules, 1 packages$/,
    );
    expect(inCache()).toEqual([cached]);
    expect(await cli([])).toEqual(first);
  });

  it("two runs at once end with the same CLI, and nothing else is left", async () => {
    fakeGo("/bin/sleep 0.2");
    const [one, other] = await Promise.all([cli(["go"]), cli(["go"])]);

    expect(one).toEqual(other);
    expect(inCache()).toEqual([cached]);
  });

  it("a cached one that does not work any more is replaced", async () => {
    fakeGo();
    const { command } = await cli(["go"]);
    writeFileSync(command.command, "");

    expect((await cli(["go"])).command).toEqual(command);
    expect(inCache()).toEqual([cached]);
  });

  it("another version, or another way to build, has another place in the cache", async () => {
    fakeGo();
    await cli(["go"]);
    write("module/go.sum", "example.com/module v1.0.1 h1:x=\n");
    await cli(["go"]);

    expect(inCache()).toEqual([cached, cached]);
  });

  it("what killed runs have left is removed a day later", async () => {
    fakeGo();
    const old = new Date(Date.now() - 25 * 60 * 60 * 1000);
    utimesSync(write("xdg/calico-ebpf-eks/pulumi-3.250.0-a.tmp-old", ""), old, old);
    write("xdg/calico-ebpf-eks/pulumi-3.250.0-b.tmp-new", "");
    await cli(["go"]);

    expect(inCache()).toEqual([cached, "pulumi-3.250.0-b.tmp-new"]);
  });
});

describe("when no way works", () => {
  it("one error tells why, way by way, and what would help", async () => {
    expect(await failureOf(cli(["empty"]))).toBe(
      `The rehearsal needs a pulumi CLI >= 3.250.0 < 4. None could be found or installed:
  PATH: has no pulumi
  npx pulumi: nothing in ROOT/.pulumi/versions/3.265.0
  cache: nothing in ROOT/xdg/calico-ebpf-eks/pulumi-3.250.0-HASH
  download: no network
  build from Go modules: go is not on PATH
Do one of the following:
  install a pulumi CLI >= 3.250.0 on PATH: https://www.pulumi.com/docs/install
  allow the download from https://get.pulumi.com
  install Go >= 1.26, which builds it once: https://go.dev/doc/install`,
    );
  });

  it("a failed build shows its last lines and keeps its log, but nothing half built", async () => {
    fakeGo('/bin/mkdir -p "$2"', "echo 'no space left on device' >&2", "exit 1");

    expect(await failureOf(cli(["go"]))).toMatch(
      new RegExp(
        [
          "  build from Go modules: go ended with code 1; the end of ROOT/xdg/calico-ebpf-eks/pulumi-3.250.0-HASH.tmp-\\w+.log:",
          "    go: downloading example.com/module v1.0.0",
          "    example.com/module/package",
          "    no space left on device",
        ].join("\n"),
      ),
    );
    expect(inCache()).toEqual([expect.stringMatching(/\.log$/)]);
  });

  it("a CLI that came out wrong is not kept", async () => {
    fakeGo();
    write("module/go.mod", "go 1.26\nrequire github.com/pulumi/pulumi/pkg/v3 v3.260.0\n");

    expect(await failureOf(cli(["go"]))).toMatch(
      /go modules: .*pulumi is v3\.250\.0; required is >= 3\.260\.0 < 4/i,
    );
    expect(inCache()).toEqual([]);
  });

  it("a cache that cannot be written is a reason like any other", async () => {
    fakeGo();
    const file = write("file", "");

    expect(await failureOf(cli(["go"], { cacheFolder: file }))).toMatch(/modules: .*\/file/);
  });
});
