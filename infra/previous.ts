import * as pulumi from "@pulumi/pulumi";
import type { Previous } from "../components/rules/settings/settings.ts";

/**
 * What the stack was after its last `up`, from its own outputs; undefined before the first one. Plain values, in
 * a preview too. Asked as a call: a StackReference would put a resource into every stack's state.
 */
export async function previousStack(): Promise<Previous | undefined> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  const { kubernetesVersion, calicoVersion, clusterCreator } = outputs ?? {};
  if (typeof kubernetesVersion !== "string" || typeof calicoVersion !== "string") return undefined;
  return {
    kubernetesVersion,
    calicoVersion,
    ...(typeof clusterCreator === "string" ? { clusterCreator } : {}),
  };
}
