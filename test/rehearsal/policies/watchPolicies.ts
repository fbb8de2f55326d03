import type { Settings } from "../../../components/rules/settings/settings.ts";
import type { Check } from "../checks.ts";
import { text } from "../cloud/values.ts";
import { at, type KubernetesObject } from "../kubernetes/object.ts";
import type { KubernetesDouble } from "../world/kubernetesDouble.ts";
import type { World } from "../world/world.ts";
import { closedFlows, keptFlows, systemFlows } from "./neededFlows.ts";
import { isOpen } from "./semantics.ts";

type Namespaces = Settings["policies"]["defaultDeny"];

/** Looks at every change of the cluster whether a policy closes what has to stay open. */
export interface PolicyWatch {
  /** What it saw so far, and what is closed now; empty where there are no policies. */
  checks(namespaces: Namespaces): Check[];
}

/** @param namespaces those that have policies at any time */
export function watchPolicies(world: World<KubernetesDouble>, namespaces: Namespaces): PolicyWatch {
  if (namespaces.length === 0) return { checks: () => [] };
  const cut = new Set<string>();
  world.activity.onChange(() => {
    const apiServer = apiServerAddress(world);
    if (apiServer === undefined) return;
    const objects = judged(world);
    const needed = [
      ...systemFlows({ apiServer }),
      ...namespaces.flatMap((namespace) => keptFlows(namespace, { apiServer })),
    ];
    for (const flow of needed) if (!isOpen(flow, objects)) cut.add(flow.name);
  });
  return {
    checks: (denied) => [
      {
        name: "no policy closed what has to stay open, at any moment",
        failures: [...cut].map((name) => `not open: ${name}`),
      },
      ...denied.map((namespace) => ({
        name: `default deny holds in ${namespace}`,
        failures: closedFlows(namespace)
          .filter((flow) => isOpen(flow, judged(world)))
          .map(({ name }) => `open: ${name}`),
      })),
    ],
  };
}

/** What a connection is judged by, of all that a large cluster holds. */
function judged({ kubernetes }: World<KubernetesDouble>): KubernetesObject[] {
  return kubernetes.contents().filter(({ kind }) => kind === "Namespace" || kind === "NetworkPolicy");
}

/** The last address of a control-plane subnet that AWS gives away; undefined while there is no cluster. */
function apiServerAddress({ aws }: World<KubernetesDouble>): string | undefined {
  const [cluster] = aws.ofType("aws:eks/cluster:Cluster");
  const [subnetId] = (at(cluster?.inputs, "vpcConfig.subnetIds") ?? []) as readonly string[];
  const subnet = aws.ofType("aws:ec2/subnet:Subnet").find(({ id }) => id === subnetId);
  if (subnet === undefined) return undefined;
  const [base = ""] = text(subnet.inputs, "cidrBlock").split("/");
  // A /28 begins at a multiple of 16, of which AWS keeps the first four.
  return base.replace(/\d+$/, (byte) => String(Number(byte) + 14));
}
