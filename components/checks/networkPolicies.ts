import type { Settings } from "../settings/settings.ts";
import { podIdentityAddress } from "../specs/addons.ts";
import { lookUp } from "../values/lookUp.ts";
import { type Problem, repeats } from "../values/problem.ts";

/**
 * Namespaces whose pods the cluster itself needs, and what is in them. Read 2026-11-21: tigera/operator v1.42.4
 * pkg/common, kubernetes.io "Initial namespaces". Calico's operator maintains the policies of calico-system.
 */
export const systemNamespaces = {
  "kube-system": "CoreDNS, kube-proxy and EKS's own add-ons",
  "kube-node-lease": "the nodes' heartbeats and no pods",
  "kube-public": "public information and no pods",
  "calico-apiserver": "the API server of older Calico releases",
  "calico-system": "calico-node, Typha and Calico's controllers",
  "tigera-operator": "Calico's operator",
} as const satisfies Readonly<Record<string, string>>;

/** Rules on where network policies may begin. */
export function policyProblems(settings: Settings): Problem[] {
  const { defaultDeny } = settings.networkPolicies;
  return [
    ...systemNamespaceProblems(defaultDeny),
    ...repeats("networkPolicies.defaultDeny", defaultDeny, "each namespace counts once"),
    ...closedCredentials(settings),
  ];
}

/** Pods that are to get credentials, and cannot reach what hands them out. */
function closedCredentials({ networkPolicies, podIdentities, addons }: Settings): Problem[] {
  const { defaultDeny, allowPodIdentity } = networkPolicies;
  const identities = [
    ...Object.entries(podIdentities).map(
      ([name, { namespace }]) => [`podIdentities.${name}`, namespace] as const,
    ),
    ...Object.entries(addons).flatMap(([name, { podIdentity }]) =>
      podIdentity === undefined ? [] : [[`addons.${name}.podIdentity`, podIdentity.namespace] as const],
    ),
  ];
  return identities
    .filter(([, namespace]) => !allowPodIdentity && defaultDeny.includes(namespace))
    .map(([path, namespace]) => ({
      path,
      found: `networkPolicies.defaultDeny closes ${namespace}`,
      needs: `pods get their credentials from ${podIdentityAddress}, TCP 80`,
      fix: "Set networkPolicies.allowPodIdentity: true",
    }));
}

/** No list of allowed flows would be complete for pods that this program did not create. */
function systemNamespaceProblems(namespaces: readonly string[]): Problem[] {
  return namespaces.flatMap((namespace, index) => {
    const holds = lookUp(systemNamespaces, namespace);
    if (holds === undefined) return [];
    return {
      path: `networkPolicies.defaultDeny[${index}]`,
      found: `${namespace} is a system namespace, with ${holds}`,
      needs: "default deny would cut them off and break the cluster",
      fix: "Remove it, and list namespaces of your workloads",
    };
  });
}
