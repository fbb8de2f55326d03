import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../../infra/commands/shared/engine/environment.ts";
import { moduleFolder } from "./moduleFolder.ts";

/** Those that this program makes objects of. */
const plurals = ["servicemonitors", "prometheusrules"];

/** Custom resource definitions of the Prometheus operator, each as YAML text, read from its Go module. */
export async function monitoringCrds(env?: Environment): Promise<string[]> {
  const { folder } = await moduleFolder(
    {
      module: "github.com/prometheus-operator/prometheus-operator",
      pinnedIn: "prometheus-operator",
      what: "the CRDs of the Prometheus operator",
    },
    env,
  );
  const path = (plural: string) =>
    join(folder, "example", "prometheus-operator-crd", `monitoring.coreos.com_${plural}.yaml`);
  return Promise.all(plurals.map((plural) => readFile(path(plural), "utf8")));
}
