import { chmod, cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Environment, ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { type Pinned, pinned } from "../../infra/commands/shared/engine/pinned.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";
import { moduleFolder } from "./moduleFolder.ts";
import { ownParts } from "./ownParts.ts";
import { buildTool, findTool } from "./tool.ts";

const program = "tigera-operator";
const module = "github.com/tigera/operator";
const own = fileURLToPath(new URL("./calico", import.meta.url));

/** Charts of Istio that the module leaves out, though the operator is built with them; read only for a resource Istio. */
const istioCharts = ["base.tgz", "istiod.tgz", "cni.tgz", "ztunnel.tgz"];

/**
 * Fields by the names of the only API module that the proxy serves, which is newer than the operator: in a part for
 * Calico Enterprise alone.
 */
async function renameFields(operator: string): Promise<void> {
  const file = join(operator, "pkg", "render", "monitor", "monitor.go");
  const text = (await readFile(file, "utf8")).replaceAll(".AlertManager", ".Alertmanager");
  await chmod(file, 0o644);
  await writeFile(file, text);
}

/** Lets the operator be built from its module: with empty files in place of those charts. */
async function withIstioCharts(folder: string, env: Environment): Promise<void> {
  const found = await moduleFolder({ module, pinnedIn: "calico", what: "the operator" }, env);
  const copy = join(folder, "operator");
  for (const name of ["go.mod", "go.sum", "cmd", "internal", "pkg", "version"]) {
    await cp(join(found.folder, name), join(copy, name), { recursive: true });
  }
  const istio = join(copy, "pkg", "render", "istio");
  // As Go's cache, its copy is read-only.
  await chmod(istio, 0o755);
  for (const name of istioCharts) await writeFile(join(istio, name), "");
  await renameFields(copy);
  await cp(join(own, "go.sum"), join(folder, "go.sum"));
  const mod = await readFile(join(own, "go.mod"), "utf8");
  await writeFile(join(folder, "go.mod"), `${mod}\nreplace ${module} => ./operator\n`);
}

/**
 * One operator of the module proxy stands for those of every release: which Calico it says that it installs is set when it
 * is linked.
 */
function pinFor(calicoVersion: string): Pinned {
  return pinned({
    program,
    packagePath: "github.com/tigera/operator/cmd",
    module,
    moduleFolder: own,
    prepare: withIstioCharts,
    versionSymbol: "github.com/tigera/operator/version.VERSION",
    symbols: { "github.com/tigera/operator/pkg/components.CalicoRelease": `v${calicoVersion}` },
  });
}

/** The operator of this Calico release, where it is already; undefined: it is not. */
export async function presentTigeraOperator(calicoVersion: string): Promise<string | undefined> {
  const { operatorFile } = ownParts();
  if (operatorFile !== undefined) return operatorFile;
  const found = await findTool(pinFor(calicoVersion), { env: { ...ownEnvironment(), PATH: "" } });
  return "tool" in found ? found.tool.file : undefined;
}

/**
 * Executable of the Tigera operator: what TIGERA_OPERATOR names, from the cache, else built from its Go module: the first
 * takes some minutes, that of another Calico release only the linker's time.
 * @param calicoVersion release that it is to install: `3.32.4`
 * @throws UserError when it cannot be built
 */
export async function tigeraOperator(calicoVersion: string, say: (line: string) => void): Promise<string> {
  const present = await presentTigeraOperator(calicoVersion);
  if (present !== undefined) return present;
  const pin = pinFor(calicoVersion);
  const built = await buildTool(pin, { env: ownEnvironment() }, { say });
  if ("tool" in built) return built.tool.file;
  throw new UserError(
    `--kubernetes real needs the Tigera operator ${pin.version}, and building it failed: ${built.reason}. Set TIGERA_OPERATOR to an executable, or install Go >= ${pin.goVersion}: https://go.dev/doc/install`,
  );
}
