import * as pulumi from "@pulumi/pulumi";
import type { FixedSettings, Previous } from "../components/settings/settings.ts";
import type { PreviousResource } from "../components/specs/calico.ts";

type Outputs = Readonly<Record<string, unknown>>;

/**
 * The stack after its last `up`, from its own outputs; undefined before the first one. Plain values, in
 * a preview too. Read with a call: a StackReference would put a resource into every stack's state.
 */
export async function previousStack(): Promise<Previous | undefined> {
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: ownName() });
  return previousOf(outputs ?? {});
}

/** The same of a component, from what it gave out. */
export async function previousComponent(type: string, name: string): Promise<Previous | undefined> {
  const own = (await previousResources()).find((one) => one.type === type && one.name === name);
  return previousOf(own?.outputs ?? {});
}

function previousOf(outputs: Outputs): Previous | undefined {
  const { kubernetesVersion, calicoVersion, clusterCreator, dataplane } = outputs;
  if (typeof kubernetesVersion !== "string" || typeof calicoVersion !== "string") return undefined;
  return {
    kubernetesVersion,
    calicoVersion,
    fixed: fixedOf(outputs),
    ...(typeof clusterCreator === "string" ? { clusterCreator } : {}),
    ...(typeof dataplane === "string" ? { dataplane } : {}),
  };
}

/**
 * What the stack's state contains, also after a failed `up`, which may have written no outputs; empty before the
 * first one.
 */
export async function previousResources(): Promise<readonly PreviousResource[]> {
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
    stackName: ownName(),
  });
  const byUrn = (outputs ?? {}) as Readonly<Record<string, Omit<PreviousResource, "name">>>;
  return Object.entries(byUrn).map(([urn, { type, outputs }]) => ({
    type,
    name: urn.split("::").at(-1) ?? urn,
    outputs,
  }));
}

function ownName(): string {
  return `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
}

/** An older release of this program left the pool, the name and the region in other outputs. */
function fixedOf({ fixed, installation, clusterName, region }: Outputs): Partial<FixedSettings> {
  if (typeof fixed === "object" && fixed !== null) return fixed;
  const network = (installation as { calicoNetwork?: { ipPools?: readonly Pool[] } } | undefined)
    ?.calicoNetwork;
  const { cidr, blockSize, encapsulation } = network?.ipPools?.[0] ?? {};
  return Object.fromEntries(
    Object.entries({ podCidr: cidr, blockSize, encapsulation, name: clusterName, region }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

interface Pool {
  readonly cidr?: string;
  readonly blockSize?: number;
  readonly encapsulation?: string;
}
