import { UserError } from "../../../infra/commands/shared/errors.ts";
import { missingRequirements } from "../../simulator/dataPath/requirements.ts";
import { nodePrograms, presentNodePrograms } from "../../toolchain/calicoNode.ts";
import { kubernetesTools } from "../../toolchain/kubernetesTools.ts";
import { vpcCniPrograms } from "../../toolchain/vpcCni.ts";

/**
 * Builds what the lab runs, once.
 * @throws UserError with a line for each thing that this machine lacks
 */
export async function setup(): Promise<void> {
  const missing = await missingRequirements({ builds: (await presentNodePrograms()) === undefined });
  if (missing.length > 0) throw new UserError(["The data path cannot run here:", ...missing].join("\n  "));
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  await kubernetesTools({ say });
  await nodePrograms({ say });
  await vpcCniPrograms(say);
}
