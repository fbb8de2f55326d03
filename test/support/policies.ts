import type { Settings } from "../../components/settings/settings.ts";
import { findings } from "../../infra/policies/policies.ts";
import type { PolicyResource } from "../../infra/policies/policy.ts";
import type { Graph } from "./invariants.ts";

const everywhere = "0.0.0.0/0";

/** Everything that breaks a policy although the settings do not ask for it by name: `policy: name of the resource`. */
export function brokenPolicies({ resources, settings }: Graph): string[] {
  const waived = askedFor(settings);
  return findings(resources)
    .filter(({ policy }) => !waived.includes(policy))
    .map(({ policy, urn }) => `${policy}: ${urn.split("::").at(-1)}`);
}

/** Policies that a stack file breaks on purpose. */
function askedFor({ calico, cluster, kubeProxy, nodePorts }: Settings): string[] {
  return [
    ...(calico.dataplane === "BPF" && kubeProxy === "Running" ? ["no-kube-proxy-beside-ebpf"] : []),
    ...(nodePorts.clients?.includes(everywhere) === true ? ["no-open-ingress"] : []),
    ...(cluster.publicAccessCidrs.includes(everywhere) ? ["endpoint-not-open-to-the-world"] : []),
    ...(cluster.logTypes.includes("audit") ? [] : ["logs-kept"]),
  ];
}

/** A resource with these inputs, named `one`. */
export function resource(
  type: string,
  inputs: Readonly<Record<string, unknown>>,
  changes: Partial<PolicyResource> = {},
): PolicyResource {
  const name = changes.name ?? "one";
  return { urn: `urn:${type}::${name}`, type, name, inputs, parent: "", deletedWith: "", ...changes };
}
