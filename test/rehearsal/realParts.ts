import type { RehearseOptions } from "./rehearse.ts";
import { calicoCrds } from "./tools/calicoCrds.ts";
import { kubernetesTools } from "./tools/kubernetesTools.ts";
import { monitoringCrds } from "./tools/monitoringCrds.ts";
import { ownParts } from "./tools/ownParts.ts";

/** What a real control plane is made of, and what it is, for people. */
export interface RealKubernetesParts {
  readonly parts: NonNullable<RehearseOptions["realKubernetes"]>;
  readonly origins: {
    readonly kubernetes: string;
    /** Release of the operator whose CRDs these are. */
    readonly crds: string;
    /** Folder of the provider's own plugin; undefined: a stand-in. */
    readonly provider: string | undefined;
    /** The operator's own executable; undefined: a stand-in. */
    readonly operator: string | undefined;
  };
}

/**
 * Gets what a real control plane is made of, and says what it is.
 * @throws UserError when a part cannot be had
 */
export async function realParts(say: (line: string) => void): Promise<RealKubernetesParts> {
  const own = ownParts();
  const tools = await kubernetesTools({ say });
  say(`Kubernetes: ${tools.description}; real, with fake nodes`);
  const { crds, version } = await calicoCrds();
  const { pluginFolder: provider, operatorFile: operator } = own;
  say(`Kubernetes provider: ${provider === undefined ? "a stand-in" : `real, from ${provider}`}`);
  say(
    `Calico: the CRDs of tigera/operator ${version}, real; the operator ${operator === undefined ? "a stand-in" : `real, ${operator}`}; Felix a stand-in`,
  );
  return {
    parts: { tools, crds: [...crds, ...(await monitoringCrds())], ...own },
    origins: { kubernetes: tools.description, crds: version, provider, operator },
  };
}
