import { fileURLToPath } from "node:url";
import { ownEnvironment } from "../cli/environment.ts";
import { type Pinned, pinned } from "../cli/pinned.ts";
import { UserError } from "../userError.ts";
import { ownParts } from "./ownParts.ts";
import { buildTool, findTool } from "./tool.ts";

const program = "tigera-operator";

/**
 * One operator of the module proxy stands for those of every release: which Calico it says that it installs is set when it
 * is linked.
 */
function pinFor(calicoVersion: string): Pinned {
  return pinned({
    program,
    packagePath: "github.com/tigera/operator/cmd",
    module: "github.com/tigera/operator",
    moduleFolder: fileURLToPath(new URL("../../toolchain/calico", import.meta.url)),
    versionSymbol: "github.com/tigera/operator/version.VERSION",
    symbols: { "github.com/tigera/operator/pkg/components.CalicoRelease": `v${calicoVersion}` },
    flags: ["-trimpath"],
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
