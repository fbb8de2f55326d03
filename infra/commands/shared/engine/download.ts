import { fileURLToPath } from "node:url";
import type { Maker } from "./cache.ts";
import type { Environment } from "./environment.ts";
import { execute } from "./execute.ts";

const script = fileURLToPath(new URL("downloadProcess.ts", import.meta.url));

/**
 * Downloads through the Automation API, in a process of its own: the API's installation cannot be cancelled,
 * a process can.
 */
export function downloading(version: string, env: Environment, timeoutSeconds: number): Maker {
  return async (folder) => {
    const outcome = await execute(process.execPath, [script, version, folder], {
      // Node's fetch heeds HTTPS_PROXY only when told so.
      env: { ...env, NODE_USE_ENV_PROXY: "1" },
      timeoutSeconds,
    });
    return outcome.ok ? undefined : outcome.reason.replace(/^ended with code 1: /, "");
  };
}
