import type { Check, Finding, Live } from "../check.ts";
import { nodes } from "../reading/objects.ts";

const apiService = "v1beta1.metrics.k8s.io";

interface Registered {
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

interface Measured {
  readonly metadata: { readonly name: string };
  readonly usage?: Readonly<Record<string, string>>;
}

/** Whether there are metrics of the nodes. */
export const nodeMetrics: Check = {
  name: "node-metrics",
  title: "every ready node has metrics, for kubectl top and autoscaling",
  source: "kubernetes.io, Resource metrics pipeline",
  meaning: "For this node, kubectl top shows nothing, and a HorizontalPodAutoscaler does not count its pods.",
  cure: "Check the log of metrics-server for that node: it needs TCP 10250 of every node, and the control plane needs its own port.",
  needs: ["read"],
  appliesTo: async (live) =>
    (await registered(live)) === undefined ? "the cluster has no metrics API" : true,
  async run(live) {
    const condition = (await registered(live))?.status?.conditions?.find(({ type }) => type === "Available");
    if (condition?.status !== "True") {
      const why = condition?.message ?? "the API server does not say why";
      return [{ verdict: "failed", evidence: `APIService ${apiService} is not available: ${why}` }];
    }
    const path = "/apis/metrics.k8s.io/v1beta1/nodes";
    const measured = (await live.cluster.list(path, (object) => object as Measured)) ?? [];
    const ready = (await nodes(live)).filter((one) => one.ready);
    return ready.map(({ name: node }): Finding => {
      const usage = measured.find(({ metadata }) => metadata.name === node)?.usage;
      return usage?.["cpu"] === undefined || usage["memory"] === undefined
        ? { node, verdict: "failed", evidence: "no metrics" }
        : { node, verdict: "passed", evidence: `CPU ${usage["cpu"]}, memory ${usage["memory"]}` };
    });
  },
};

function registered({ cluster }: Live): Promise<Registered | undefined> {
  return cluster.get<Registered>(`/apis/apiregistration.k8s.io/v1/apiservices/${apiService}`);
}
