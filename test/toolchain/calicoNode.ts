import { chmodSync, cpSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CachePlace, cached, fillCache, type Reason } from "../../infra/commands/shared/engine/build.ts";
import { type Environment, ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { defaultCacheFolder, type Pin, pinned } from "../../infra/commands/shared/engine/pinned.ts";
import { execute } from "../../infra/commands/shared/engine/process.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";
import { whileSaying } from "../../infra/commands/shared/progress.ts";
import type { NodePrograms } from "../simulator/dataPath/labNode.ts";
import { moduleFolder } from "./moduleFolder.ts";
import { buildTool, findTool } from "./tool.ts";

/** The release that the only version of the module is built from (git tag v3.28.5 holds its commit). */
export const calicoRelease = "v3.28.5";

const module = "github.com/projectcalico/calico";
const modules = fileURLToPath(new URL("calico-node", import.meta.url));
const programs = fileURLToPath(new URL("node-programs", import.meta.url));

const calico = pinned({
  program: "calico-node",
  packagePath: `${module}/node/cmd/calico-node`,
  module,
  moduleFolder: modules,
  versionArguments: ["-v"],
});

const kubernetesPin = (program: string, packagePath: string, versionArguments: readonly string[]): Pin => ({
  program,
  packagePath,
  module: "k8s.io/kubernetes",
  moduleFolder: programs,
  versionSymbol: "k8s.io/component-base/version.gitVersion",
  versionArguments,
});

const kubeProxyPin = pinned(kubernetesPin("kube-proxy", "k8s.io/kubernetes/cmd/kube-proxy", ["--version"]));
const agnhostPin = pinned(kubernetesPin("agnhost", "k8s.io/kubernetes/test/images/agnhost", ["--version"]));

const coreDnsPin = pinned({
  program: "coredns",
  packagePath: "calico-ebpf-eks/toolchain/coredns",
  module: "github.com/coredns/coredns",
  moduleFolder: fileURLToPath(new URL("coredns", import.meta.url)),
  versionArguments: ["-version"],
});

export interface NodeProgramsOptions {
  /** Receives a line of progress at a time, while something is built. */
  readonly say: (line: string) => void;
  /** Folder laid out as Calico's node image, which takes the place of the one that is built here. */
  readonly calicoFiles?: string;
}

/**
 * Gets what the nodes of the lab run: Calico's programs and eBPF objects, kube-proxy and agnhost, from the cache, else
 * built from Go modules.
 * @throws UserError when a part cannot be had
 */
export async function nodePrograms({ say, calicoFiles }: NodeProgramsOptions): Promise<NodePrograms> {
  const env = ownEnvironment();
  return {
    calico: calicoFiles ?? (await calicoFolder(env, say)),
    kubeProxy: await programFile(kubeProxyPin, env, say),
    agnhost: await programFile(agnhostPin, env, say),
    coreDns: await programFile(coreDnsPin, env, say),
  };
}

/** The same, when all of it is there already; undefined: at least one part is not. Builds nothing. */
export async function presentNodePrograms(): Promise<NodePrograms | undefined> {
  const env = ownEnvironment();
  const [built, kubeProxy, agnhost, coreDns] = await Promise.all([
    cached(placeOf(env)),
    findTool(kubeProxyPin, { env }),
    findTool(agnhostPin, { env }),
    findTool(coreDnsPin, { env }),
  ]);
  if ("reason" in built || "reason" in kubeProxy || "reason" in agnhost || "reason" in coreDns)
    return undefined;
  return {
    calico: built.folder,
    kubeProxy: kubeProxy.tool.file,
    agnhost: agnhost.tool.file,
    coreDns: coreDns.tool.file,
  };
}

async function programFile(
  pin: ReturnType<typeof pinned>,
  env: Environment,
  say: (line: string) => void,
): Promise<string> {
  const found = await findTool(pin, { env });
  const tool = "reason" in found ? await buildTool(pin, { env }, { say }) : found;
  if ("reason" in tool) {
    throw new UserError(
      `--data-path real needs ${pin.program} ${pin.version}, and building it failed: ${tool.reason}`,
    );
  }
  return tool.tool.file;
}

interface Built {
  readonly folder: string;
}

async function calicoFolder(env: Environment, say: (line: string) => void): Promise<string> {
  const place = placeOf(env);
  const found = await cached(place);
  if (!("reason" in found)) return found.folder;
  let step = "";
  const line = (elapsed: string) =>
    `building calico-node ${calicoRelease} and its eBPF programs: ${step}, ${elapsed}; three minutes on two cores, once`;
  const built = await whileSaying({ say }, line, () =>
    fillCache(place, (folder) =>
      makeCalico(folder, env, (now) => {
        step = now;
      }),
    ),
  );
  if ("reason" in built) {
    throw new UserError(
      `--data-path real needs calico-node ${calicoRelease}, and building it failed: ${built.reason}`,
    );
  }
  return built.folder;
}

function placeOf(env: Environment): CachePlace<Built> {
  const folder = join(defaultCacheFolder(env), calico.cacheName);
  return {
    folder,
    program: calico.program,
    inspect: async (file): Promise<Built | Reason> => {
      const { versionArguments } = calico;
      const outcome = await execute(file, [...versionArguments], { env, timeoutSeconds: 20 });
      return outcome.ok ? { folder: join(file, "..", "..") } : { reason: `${file} ${outcome.reason}` };
    },
  };
}

/** Builds into a folder laid out as Calico's images are. Returns why it could not, or nothing. */
async function makeCalico(
  folder: string,
  env: Environment,
  onStep: (step: string) => void,
): Promise<string | undefined> {
  onStep("sources");
  const sources = await moduleFolder({ module, pinnedIn: "calico-node", what: "Calico's sources" }, env);
  const build = join(folder, "build");
  cpSync(join(sources.folder, "felix", "bpf-gpl"), build, { recursive: true });
  makeWritable(build);
  const libbpf = join(build, "include", "libbpf", "src");
  const steps: [string, string, readonly string[], string][] = [
    ["libbpf", "make", ["-s", "BUILD_STATIC_ONLY=1", "OBJDIR=static"], libbpf],
    ["programs", "go", ["build", ...calicoFlags(), "-o", join(build, "out"), ...packages()], modules],
    ["eBPF objects", "bash", ["-c", objects(availableParallelism())], build],
  ];
  for (const [step, file, args, where] of steps) {
    onStep(step);
    if (step === "programs") mkdirSync(join(build, "out"));
    const outcome = await execute(file, args, {
      // Not CGO_LDFLAGS: Go would compile every package anew for another path, after each interruption.
      env: { ...env, CGO_ENABLED: "1", GOWORK: "off", LIBRARY_PATH: join(libbpf, "static") },
      folder: where,
    });
    if (!outcome.ok) return `${step}: ${file} ${outcome.reason}`;
  }
  layOut(folder, build);
  return undefined;
}

/** A module's archive keeps no mode bits: without them `make` quietly builds three objects of eighty. */
function makeWritable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    const isScript = ["list-objs", "list-ut-objs", "calculate-flags"].includes(entry.name);
    chmodSync(file, entry.isDirectory() || isScript ? 0o755 : 0o644);
  }
}

function calicoFlags(): string[] {
  const stamps = [`${module}/node/pkg/lifecycle/startup.VERSION`, `${module}/node/buildinfo.GitVersion`].map(
    (symbol) => `-X ${symbol}=${calicoRelease}`,
  );
  return ["-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags", ["-s -w", ...stamps].join(" ")];
}

function packages(): string[] {
  return [
    "node/cmd/calico-node",
    "cni-plugin/cmd/calico",
    "cni-plugin/cmd/install",
    "typha/cmd/calico-typha",
  ].map((path) => `${module}/${path}`);
}

/** Those without logs, with relocation, for IPv4: what Felix loads on a kernel with BTF. */
function objects(jobs: number): string {
  return [
    `make -s -j${jobs} $(./list-objs | grep no_log | grep co-re | grep -v v6)`,
    "bin/connect_time_no_log_v4_co-re.o bin/connect_time_no_log_v46_co-re.o",
    "bin/tc_preamble.o bin/xdp_preamble.o bin/policy_default.o",
  ].join(" ");
}

function layOut(folder: string, build: string): void {
  const [bin, cni, bpf] = ["usr/bin", "opt/cni/bin", "usr/lib/calico/bpf"].map((path) =>
    join(folder, path),
  ) as [string, string, string];
  for (const path of [bin, cni, bpf]) mkdirSync(path, { recursive: true });
  const out = join(build, "out");
  for (const name of ["calico-node", "calico-typha"]) renameSync(join(out, name), join(bin, name));
  for (const name of ["calico", "install"]) renameSync(join(out, name), join(cni, name));
  // One program, which goes by its name.
  cpSync(join(cni, "calico"), join(cni, "calico-ipam"));
  for (const name of readdirSync(join(build, "bin")).filter((one) => one.endsWith(".o"))) {
    renameSync(join(build, "bin", name), join(bpf, name));
  }
  rmSync(build, { recursive: true });
  symlinkSync("usr/bin", join(folder, "bin"));
}
