import { type Check, type Finding, type Live, oncePerRun } from "../check.ts";
import { installation } from "../reading/calico.ts";
import { type CalledService, calledServices, podOf, services } from "../reading/objects.ts";

/** Whether the API server can reach what it calls. */
export const webhooks: Check = {
  name: "webhooks",
  title: "all services that the API server calls have their pods on the host network",
  source:
    "tigera/docs getting-started/kubernetes/managed-public-cloud/eks.mdx: the control plane cannot reach pods",
  meaning:
    "The API server cannot reach such a webhook: requests that it handles are refused, or no longer checked.",
  cure: "Give its pods hostNetwork: true and an unused port, and allow the control plane's security group to reach that port.",
  needs: ["read"],
  appliesTo: isControlPlaneOutside,
  async run(live) {
    const all = await calledServices(live);
    if (all.length === 0) {
      return [{ verdict: "passed", evidence: "the API server calls no service of the cluster" }];
    }
    return Promise.all(all.map((one) => findingOf(live, one)));
  },
};

/** EKS's control plane is not on the pod network, unless pods have VPC addresses. */
async function isControlPlaneOutside(live: Live): Promise<string | true> {
  const spec = (await installation(live))?.spec ?? {};
  const isEks =
    spec["kubernetesProvider"] === "EKS" || /\.eks\./.test(live.target.endpoint ?? live.cluster.server);
  if (!isEks) return "the control plane is not EKS";
  const { type } = (spec["cni"] ?? {}) as { type?: string };
  return type === "AmazonVPC" ? "pods have VPC addresses" : true;
}

/** Pods of a service, read once for all webhooks that name it. */
const podsOf = oncePerRun(async ({ cluster }) => {
  const known = new Map<string, ReturnType<typeof read>>();
  const read = (namespace: string, selector: Readonly<Record<string, string>>) =>
    cluster.list(`/api/v1/namespaces/${namespace}/pods`, podOf, {
      labelSelector: Object.entries(selector)
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
    });
  return (namespace: string, selector: Readonly<Record<string, string>>) => {
    const key = JSON.stringify([namespace, selector]);
    const answer = known.get(key) ?? read(namespace, selector);
    known.set(key, answer);
    return answer;
  };
});

async function findingOf(live: Live, { caller, namespace, service }: CalledService): Promise<Finding> {
  const found = (await services(live)).find((one) => one.namespace === namespace && one.name === service);
  const place = `${caller} calls service ${namespace}/${service}`;
  if (found === undefined) return { verdict: "failed", evidence: `${place}, which does not exist` };
  // Without a selector its endpoints are managed manually, usually outside the cluster.
  if (found.selector === undefined) return { verdict: "passed", evidence: `${place}, which has no pods` };
  const pods = (await (await podsOf(live))(namespace, found.selector)) ?? [];
  const inside = pods.find(({ hostNetwork }) => !hostNetwork);
  if (inside !== undefined) {
    return { verdict: "failed", evidence: `${place}, whose pod ${inside.name} is on the pod network` };
  }
  return pods.length === 0
    ? { verdict: "failed", evidence: `${place}, which has no pod` }
    : { verdict: "passed", evidence: `${place} on the host's network` };
}
