import { randomBytes } from "node:crypto";
import { join } from "node:path";

/** Logs that can be read at the same time. */
const logSlots = 64;

/** What lets kwok run commands and read logs, and where it finds them. */
export interface KwokRules {
  /** Namespace in whose pods alone kwok runs commands; unguessable, because anyone who knows it can run commands here. */
  readonly secretNamespace: string;
  /** File of each log that can be read at the same time, by the container that stands for it. */
  readonly logFiles: ReadonlyMap<string, string>;
  /** Configuration for kwok, in YAML. */
  readonly yaml: string;
}

/**
 * Rules by which kwok runs any command of one namespace that does not exist. kwok does not authenticate who runs a command,
 * and its rules say the same for every pod: what is in front of it knows both, and passes on what is allowed.
 * @param folder where the logs are to be
 */
export function kwokRules(folder: string): KwokRules {
  const secretNamespace = randomBytes(24).toString("hex");
  const logFiles = new Map(
    Array.from({ length: logSlots }, (_, slot) => [`slot-${slot}`, join(folder, `slot-${slot}.log`)]),
  );
  const selector = { matchNamespaces: [secretNamespace] };
  const rules = [
    { kind: "ClusterExec", metadata: { name: "commands" }, spec: { selector, execs: [{ local: {} }] } },
    {
      kind: "ClusterLogs",
      metadata: { name: "logs" },
      spec: {
        selector,
        logs: [...logFiles].map(([container, logsFile]) => ({ containers: [container], logsFile })),
      },
    },
  ];
  const yaml = rules
    .map((rule) => `${JSON.stringify({ apiVersion: "kwok.x-k8s.io/v1alpha1", ...rule })}\n`)
    .join("---\n");
  return { secretNamespace, logFiles, yaml };
}
