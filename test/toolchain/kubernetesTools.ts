import { fileURLToPath } from "node:url";
import { type Environment, ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { type Pin, pinned } from "../../infra/commands/shared/engine/pinned.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";
import { buildTool, type Found, type FoundTool, findTool } from "./tool.ts";

/** Executables of a Kubernetes control plane and of its fake nodes. */
export interface KubernetesTools {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly scheduler: string;
  readonly kwok: string;
  /** For people: `Kubernetes v1.35.4, etcd 3.6.5, kwok 0.8.0`. */
  readonly description: string;
}

export interface ToolsOptions {
  /** Receives a line of progress at a time, while something is built. */
  readonly say: (line: string) => void;
  /** Environment for PATH, KUBEBUILDER_ASSETS and HOME. Default: this process's own. */
  readonly env?: Environment;
  /** Default: `calico-ebpf-eks` in XDG_CACHE_HOME, or in `~/.cache`. */
  readonly cacheFolder?: string;
  /** What to look for. Default: the pinned ones of this repository. */
  readonly pins?: Readonly<Record<ToolName, Pin>>;
}

type ToolName = Exclude<keyof KubernetesTools, "description">;

const kubernetesFolder = fileURLToPath(new URL("./kubernetes", import.meta.url));
const kwokFolder = fileURLToPath(new URL("./kwok", import.meta.url));

const ownPins: Readonly<Record<ToolName, Pin>> = {
  etcd: {
    program: "etcd",
    packagePath: "go.etcd.io/etcd/server/v3",
    module: "go.etcd.io/etcd/server/v3",
    moduleFolder: kubernetesFolder,
  },
  apiServer: kubernetesPin("kube-apiserver"),
  controllerManager: kubernetesPin("kube-controller-manager"),
  scheduler: kubernetesPin("kube-scheduler"),
  kwok: {
    program: "kwok",
    packagePath: "sigs.k8s.io/kwok/cmd/kwok",
    module: "sigs.k8s.io/kwok",
    moduleFolder: kwokFolder,
  },
};

function kubernetesPin(program: string): Pin {
  return {
    program,
    packagePath: `k8s.io/kubernetes/cmd/${program}`,
    module: "k8s.io/kubernetes",
    moduleFolder: kubernetesFolder,
    versionSymbol: "k8s.io/component-base/version.gitVersion",
  };
}

/**
 * Gets every tool: from KUBEBUILDER_ASSETS, PATH or the cache, else built from Go modules, one after the other.
 * @throws UserError with the last lines of the log of a build that failed
 */
export async function kubernetesTools(options: ToolsOptions): Promise<KubernetesTools> {
  const found = new Map<ToolName, Found>();
  for (const [name, pin] of pins(options)) {
    const tool = await findTool(pin, placeOf(options));
    if ("reason" in tool) {
      const built = await buildTool(pin, placeOf(options), options);
      if ("reason" in built) throw new UserError(notToBeHad(pin, built.reason));
      found.set(name, built.tool);
    } else {
      found.set(name, tool.tool);
    }
  }
  return together(found);
}

/** The tools that are there already; undefined: at least one is not. Builds nothing. */
export async function presentKubernetesTools(
  options: Partial<ToolsOptions> = {},
): Promise<KubernetesTools | undefined> {
  const entries = await Promise.all(
    pins(options).map(async ([name, pin]) => [name, await findTool(pin, placeOf(options))] as const),
  );
  const tools = entries.flatMap(([name, tool]): [ToolName, Found][] =>
    "reason" in tool ? [] : [[name, (tool as FoundTool).tool]],
  );
  return tools.length === entries.length ? together(new Map(tools)) : undefined;
}

function pins({ pins: given = ownPins }: Partial<ToolsOptions>): [ToolName, ReturnType<typeof pinned>][] {
  return (Object.entries(given) as [ToolName, Pin][]).map(([name, pin]) => [name, pinned(pin)]);
}

function placeOf({ env = ownEnvironment(), cacheFolder }: Partial<ToolsOptions>) {
  return { env, ...(cacheFolder === undefined ? {} : { cacheFolder }) };
}

function together(found: ReadonlyMap<ToolName, Found>): KubernetesTools {
  const file = (name: ToolName) => found.get(name)?.file ?? "";
  const version = (name: ToolName) => found.get(name)?.version ?? "";
  return {
    etcd: file("etcd"),
    apiServer: file("apiServer"),
    controllerManager: file("controllerManager"),
    scheduler: file("scheduler"),
    kwok: file("kwok"),
    description: `Kubernetes ${version("apiServer")}, etcd ${version("etcd")}, kwok ${version("kwok")}`,
  };
}

function notToBeHad({ program, version, goVersion }: ReturnType<typeof pinned>, reason: string): string {
  return [
    `--kubernetes real needs ${program} ${version}, and building it failed:`,
    `  ${reason}`,
    "Do one of the following:",
    `  put ${program} on PATH, or into a folder that KUBEBUILDER_ASSETS names`,
    `  install Go >= ${goVersion}, which builds it once: https://go.dev/doc/install`,
    "  leave --kubernetes out: the Kubernetes in memory needs none of it",
  ].join("\n");
}
