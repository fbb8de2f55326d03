import { milestones } from "../durations.ts";
import type { Activity } from "../world/activity.ts";
import type { Instance } from "../world/instance.ts";
import type { ApiServer } from "./apiServer.ts";
import type { CloudView } from "./cloudView.ts";
import type { NodeReport } from "./felix.ts";
import { at } from "./object.ts";

export const awsNodeKey = "apps/v1/DaemonSet/kube-system/aws-node";

/** What aws-node finds on every node. */
export interface AwsNodeSettings {
  readonly cloud: CloudView;
  /** Value of CLUSTER_ENDPOINT; undefined: it uses the API server's service. */
  readonly endpoint: string | undefined;
  readonly kubeProxyRuns: boolean;
}

/** The endpoint in the environment of a DaemonSet aws-node. */
export function endpointOf(daemonSet: unknown): string | undefined {
  const containers = at(daemonSet, "spec.template.spec.containers") as readonly Container[] | undefined;
  const env = containers?.flatMap((one) => one.env ?? []);
  return env?.find(({ name }) => name === "CLUSTER_ENDPOINT")?.value;
}

interface Container {
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/** Why aws-node on a node is not ready, and has written no CNI configuration; undefined: it has. */
export function awsNodeProblem(
  instance: Instance,
  report: Pick<NodeReport, "bpf"> | undefined,
  { cloud, endpoint, kubeProxyRuns }: AwsNodeSettings,
): string | undefined {
  // EKS writes the host in capitals, which name servers do not tell from small letters.
  const wanted = `https://${cloud.endpointHost()}`.toLowerCase();
  if (endpoint !== undefined && endpoint.toLowerCase() !== wanted) {
    return `cannot reach the API server at ${endpoint}`;
  }
  if (endpoint === undefined && !kubeProxyRuns && report?.bpf !== true) {
    return "cannot reach the API server: its service needs kube-proxy or Calico's eBPF, and there is no CLUSTER_ENDPOINT";
  }
  return cloud.vpcCniProblem(instance);
}

/**
 * The AWS VPC CNI over the nodes: where it works, it makes them Ready, with or without addresses for their pods
 * (aws/amazon-vpc-cni-k8s v1.23.2 pkg/ipamd/ipamd.go, handlePreScaling and increaseDatastorePool).
 */
export class AwsNode {
  readonly #api: ApiServer;
  readonly #activity: Activity;
  readonly #starting = new Set<string>();
  readonly #working = new Set<string>();

  constructor(api: ApiServer, activity: Activity) {
    this.#api = api;
    this.#activity = activity;
  }

  /** Looks at every node; called on every change, returns without waiting. */
  follow(reports: readonly NodeReport[], settings: Omit<AwsNodeSettings, "endpoint">): void {
    const daemonSet = this.#api.get(awsNodeKey);
    if (daemonSet === undefined) return;
    const endpoint = endpointOf(daemonSet);
    const byNode = new Map(reports.map((report) => [report.nodeName, report]));
    for (const instance of settings.cloud.instances.values()) {
      const { id, nodeName } = instance;
      if (this.#working.has(id)) instance.addressProblem = settings.cloud.takePrefixes(instance);
      if (this.#starting.has(id)) continue;
      if (awsNodeProblem(instance, byNode.get(nodeName), { ...settings, endpoint }) !== undefined) continue;
      this.#starting.add(id);
      this.#activity.after(milestones.podStart.seconds, () => {
        this.#working.add(id);
        instance.addressProblem = settings.cloud.takePrefixes(instance);
        instance.ready = true;
      });
    }
    const status = { numberReady: this.#working.size };
    if (at(daemonSet, "status.numberReady") !== status.numberReady) {
      this.#api.merge(awsNodeKey, { status }, "kube-controller-manager");
    }
  }
}
