import { homedir } from "node:os";
import { resolve } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import type { ExistingCluster } from "../../components/settings/existing.ts";
import { listed, type Problem } from "../../components/values/problem.ts";

type Requested = Extract<ExistingCluster, { kind: "kubeconfig" }>;

const filePath = "cluster.existing.kubeconfig";

/** A loaded kubeconfig, or its problem. */
export type Loaded = { readonly config: KubeConfig } | { readonly problem: Problem };

/** The engine starts the program in the folder of its entry point; users' paths start at the project's. */
const projectFolder = resolve(import.meta.dirname, "..", "..");

/** Resolves a kubeconfig's path as the user wrote it. */
export function absolutePath(file: string): string {
  return resolve(projectFolder, file.replace(/^~(?=\/|$)/, homedir()));
}

/** Loads a kubeconfig with the requested context. */
export async function loadKubeconfig({ file, context }: Requested): Promise<Loaded> {
  // Imported only here: a stack that creates its cluster does not need this library.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  try {
    config.loadFromFile(absolutePath(file));
  } catch (error) {
    return { problem: unreadable(absolutePath(file), error) };
  }
  const names = config.getContexts().map(({ name }) => name);
  const name = context ?? config.getCurrentContext();
  if (!names.includes(name)) return { problem: contextMissing(name, names, context === undefined) };
  config.setCurrentContext(name);
  if (config.getCurrentCluster() === null || config.getCurrentUser() === null) {
    return {
      problem: {
        path: filePath,
        found: `context ${name} names a cluster or a user that is not in the file`,
        needs: "both must exist",
        fix: "Write the file again, for example with kubectl config view --minify --flatten",
      },
    };
  }
  return { config };
}

/** Parses a kubeconfig. */
export async function kubeconfigOf(text: string): Promise<KubeConfig> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromString(text);
  return config;
}

function unreadable(file: string, error: unknown): Problem {
  const { code, message } = error as NodeJS.ErrnoException;
  const [firstLine = ""] = message.split("\n");
  return {
    path: filePath,
    found: code === "ENOENT" ? `file does not exist: ${file}` : `${file} cannot be read: ${firstLine}`,
    needs: "a kubeconfig file must exist",
    fix: "Correct the path, or write one with kubectl config view --minify --flatten",
  };
}

function contextMissing(name: string, names: readonly string[], isCurrent: boolean): Problem {
  const none = name === "" || name === undefined;
  return {
    path: isCurrent ? filePath : "cluster.existing.context",
    found: none ? "no current context is set" : `no such context: ${name}`,
    needs: names.length === 0 ? "the kubeconfig has no contexts" : `the kubeconfig has ${listed(names)}`,
    fix: names.length === 0 ? "Write the file again" : "Set cluster.existing.context to one of them",
  };
}
