import { calicoVersions } from "../../components/facts/calicoVersions.ts";
import { kubernetesPlugin, presentKubernetesPlugin } from "../toolchain/kubernetesPlugin.ts";
import { kubernetesTools, presentKubernetesTools } from "../toolchain/kubernetesTools.ts";
import { monitoringCrds } from "../toolchain/monitoringCrds.ts";
import { presentTigeraOperator, tigeraOperator } from "../toolchain/tigeraOperator.ts";
import type { RehearseOptions } from "./rehearsal.ts";

/** What a real control plane is made of, and what it is, for people. */
export interface RealKubernetesParts {
  readonly parts: NonNullable<RehearseOptions["realKubernetes"]>;
  readonly origins: {
    readonly kubernetes: string;
    /** Folder of the provider's plugin. */
    readonly provider: string;
    /** The operator's executable. */
    readonly operator: string;
  };
}

/**
 * Gets what a real control plane is made of, and says what it is.
 * @param calicoVersion release that the stack installs: `3.32.4`
 * @throws UserError when a part cannot be had
 */
export async function realParts(
  calicoVersion: string,
  hasPackets: boolean,
  say: (line: string) => void,
): Promise<RealKubernetesParts> {
  const tools = await kubernetesTools({ say });
  say(`Kubernetes: ${tools.description}; real${hasPackets ? "" : ", with fake nodes"}`);
  const provider = await kubernetesPlugin(say);
  say(`Kubernetes provider: real, from ${provider}`);
  // Others are only linked anew, when a change of the stack wants them.
  const operator = await tigeraOperator(calicoVersion, say);
  say(
    `Calico: the operator real, ${operator}; its chart this project's own${hasPackets ? "" : "; Felix simulated"}`,
  );
  const operatorFile = (version: string) => tigeraOperator(version, say);
  return {
    parts: {
      tools,
      crds: await monitoringCrds(),
      pluginFolder: provider,
      operatorFile,
      calicoVersions: Object.keys(calicoVersions),
    },
    origins: { kubernetes: tools.description, provider, operator },
  };
}

/** The same where all of it is on this machine already; undefined: something is not. Builds nothing. */
export async function presentRealParts(
  calicoVersion: string,
): Promise<RealKubernetesParts["parts"] | undefined> {
  const tools = await presentKubernetesTools();
  const pluginFolder = await presentKubernetesPlugin();
  const operator = await presentTigeraOperator(calicoVersion);
  if (tools === undefined || pluginFolder === undefined || operator === undefined) return undefined;
  const operatorFile = (version: string) => tigeraOperator(version, () => {});
  return {
    tools,
    crds: await monitoringCrds(),
    pluginFolder,
    operatorFile,
    calicoVersions: Object.keys(calicoVersions),
  };
}
