import type { ExistingStackSettings } from "../../settings/existing.ts";
import type { Problem } from "../../values/problem.ts";
import { accountProblems } from "../account.ts";

const path = "cluster.existing";

/** Everything wrong with the settings of a cluster that is there, as far as they say so themselves. */
export function existingSettingsProblems(settings: ExistingStackSettings): Problem[] {
  return [
    ...accountProblems(settings),
    ...accountIdProblems(settings),
    ...clusterProblems(settings),
    ...serviceNameProblems(settings),
    ...directReplyProblems(settings),
    ...proxyProblems(settings),
  ];
}

/** One way to the cluster, and all that it takes. */
function clusterProblems({ cluster: { existing } }: ExistingStackSettings): Problem[] {
  const { eksName, kubeconfig, context, apiServer } = existing;
  if (eksName === undefined && kubeconfig === undefined) {
    return [
      {
        path,
        found: "it names no cluster",
        needs: "eksName or kubeconfig is needed",
        fix: "Set eksName for a cluster on EKS, or kubeconfig and apiServer for any other",
      },
    ];
  }
  if (eksName === undefined) return apiServer === undefined ? [apiServerMissing] : [];
  return Object.entries({ kubeconfig, context, apiServer })
    .filter(([, value]) => value !== undefined)
    .map(([key]) => ({
      path: `${path}.${key}`,
      found: "it has no effect",
      needs: "cluster.existing.eksName names a cluster of which EKS tells all of this",
      fix: "Remove one of the two",
    }));
}

/** By kubeconfig nothing is changed in AWS, and no provider is there to compare accounts. */
function accountIdProblems({ account, cluster: { existing } }: ExistingStackSettings): Problem[] {
  if (account.id === undefined || existing.kubeconfig === undefined) return [];
  return [
    {
      path: "account.id",
      found: "it has no effect",
      needs: "cluster.existing.kubeconfig names a cluster in no account of AWS",
      fix: "Remove it",
    },
  ];
}

const apiServerMissing: Problem = {
  path: `${path}.apiServer`,
  found: "nothing is set",
  needs: "without kube-proxy no node reaches the API server by its service",
  fix: "Set host and port as the nodes know them; kubectl -n kube-system get configmap kube-proxy -o yaml mostly shows them",
};

/** Names of the service, which only the dataplane itself could resolve. */
function serviceNameProblems({ cluster: { existing } }: ExistingStackSettings): Problem[] {
  const host = existing.apiServer?.host;
  if (host === undefined || !/^kubernetes(\.default(\.svc(\..+)?)?)?$/.test(host)) return [];
  return [
    {
      path: `${path}.apiServer.host`,
      found: `${host} is the name of a service`,
      needs: "Calico has to reach the API server before any service works",
      fix: "Set the API server's own address, or that of the load balancer in front of it",
    },
  ];
}

function directReplyProblems({ calico }: ExistingStackSettings): Problem[] {
  if (calico.externalService !== "DSR" || calico.dataplane === "BPF") return [];
  return [
    {
      path: "calico.externalService",
      found: "DSR, which is the default, is a mode of the BPF dataplane",
      needs: `calico.dataplane is ${calico.dataplane}`,
      fix: "Set externalService: Tunnel, or dataplane: BPF",
    },
  ];
}

function proxyProblems({ calico, kubeProxy }: ExistingStackSettings): Problem[] {
  if (calico.dataplane === "BPF" || kubeProxy === "Running") return [];
  return [
    {
      path: "kubeProxy",
      found: "Parked, which is the default, would leave the cluster without services",
      needs: `calico.dataplane is ${calico.dataplane}, which needs kube-proxy on every node`,
      fix: "Set kubeProxy: Running, or calico.dataplane: BPF",
    },
  ];
}
