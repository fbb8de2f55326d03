import * as pulumi from "@pulumi/pulumi";
import type { PreviousResource } from "../components/rules/crds.ts";
import type { Previous } from "../components/rules/settings/settings.ts";

/**
 * Versions that the stack had after its last `up`, from its own outputs; undefined before the first one. Plain values, in
 * a preview too. Asked as a call: a StackReference would put a resource into every stack's state.
 */
export async function previousVersions(): Promise<Previous | undefined> {
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: ownName() });
  const { kubernetesVersion, calicoVersion } = outputs ?? {};
  return typeof kubernetesVersion === "string" && typeof calicoVersion === "string"
    ? { kubernetesVersion, calicoVersion }
    : undefined;
}

/**
 * What the stack's state has so far, after an `up` that failed, too, which may have written no outputs; empty before the
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
