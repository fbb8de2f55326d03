import { systemNamespaces } from "../facts/systemNamespaces.ts";
import type { Settings } from "../settings/settings.ts";
import { lookUp } from "../values/lookUp.ts";
import type { Problem } from "../values/problem.ts";

/** Rules on where network policies may begin. */
export function policyProblems({ networkPolicies: { defaultDeny } }: Settings): Problem[] {
  return [...systemNamespaceProblems(defaultDeny), ...repetitionProblems(defaultDeny)];
}

/** No list of allowed flows would keep pods going that this program did not make. */
function systemNamespaceProblems(namespaces: readonly string[]): Problem[] {
  return namespaces.flatMap((namespace, index) => {
    const holds = lookUp(systemNamespaces, namespace);
    if (holds === undefined) return [];
    return [
      {
        path: `networkPolicies.defaultDeny[${index}]`,
        found: `${namespace} is the cluster's own namespace, with ${holds}`,
        needs: "default deny would cut them off, and the cluster with them",
        fix: "Remove it, and name namespaces of your own",
      },
    ];
  });
}

function repetitionProblems(namespaces: readonly string[]): Problem[] {
  return namespaces.flatMap((namespace, index) =>
    namespaces.indexOf(namespace) === index
      ? []
      : [
          {
            path: `networkPolicies.defaultDeny[${index}]`,
            found: `${namespace} is there twice`,
            needs: "a namespace has its policies once",
            fix: "Remove one",
          },
        ],
  );
}
