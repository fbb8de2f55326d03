import { calicoVersions } from "../../components/facts/versions.ts";
import { kubernetesPlugin, presentKubernetesPlugin } from "../toolchain/kubernetesPlugin.ts";
import { kubernetesTools, presentKubernetesTools } from "../toolchain/kubernetesTools.ts";
import { monitoringCrds } from "../toolchain/monitoringCrds.ts";
import { presentTigeraOperator, tigeraOperator } from "../toolchain/tigeraOperator.ts";
import type { RehearseOptions } from "./rehearsal.ts";

/** The parts of a real control plane, with a description. */
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
 * Gets the parts of a real control plane, and prints them.
 * @param calicoVersion release that the stack installs: `3.32.4`
 * @throws UserError when a part is unavailable
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
  // Others are only relinked, when a change of the stack needs them.
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

/** The same where everything is already on this machine; undefined: something is missing. Builds nothing. */
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
