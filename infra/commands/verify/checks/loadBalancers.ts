import { within } from "../../../../components/values/cidr.ts";
import type { Check, Finding } from "../check.ts";
import { externalServiceMode, felixDefault } from "../reading/calico.ts";
import { type LiveService, services } from "../reading/services.ts";

const targetType = "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type";

const anywhere = "0.0.0.0/0";

/** Whether a load balancer gets its replies. */
export const loadBalancers: Check = {
  name: "load-balancers",
  title: "no Service of type LoadBalancer depends on replies that DSR sends another way",
  source: "tigera/docs operations/ebpf/troubleshoot-ebpf.mdx: DSR is not compatible with a load balancer",
  meaning:
    "The load balancer waits for a reply from the node that it asked, and another one answers: connections time out whenever the pod runs elsewhere.",
  cure: "Set externalTrafficPolicy: Local on the Service, or list its clients in calico.dsrOptOutCidrs, or set calico.externalService: Tunnel.",
  needs: ["read"],
  appliesTo: async (live) =>
    (await externalServiceMode(live)) === "DSR" || "replies go back through the first node (Tunnel)",
  async run(live) {
    const optedOut = ((await felixDefault(live))?.spec?.["bpfDSROptoutCIDRs"] ?? []) as readonly string[];
    const found = (await services(live)).filter(({ type }) => type === "LoadBalancer");
    if (found.length === 0)
      return [{ verdict: "passed", evidence: "there is no Service of type LoadBalancer" }];
    return found.map((service) => findingOf(service, optedOut));
  },
};

function findingOf(service: LiveService, optedOut: readonly string[]): Finding {
  const { namespace, name, annotations, externalTrafficPolicy, loadBalancerSourceRanges } = service;
  const named = `Service ${namespace}/${name}`;
  if (externalTrafficPolicy === "Local") {
    return { verdict: "passed", evidence: `${named} has externalTrafficPolicy: Local` };
  }
  if (annotations[targetType] === "ip") {
    return {
      verdict: "failed",
      evidence: `${named} sends to pods' own addresses, which the VPC has no way to`,
    };
  }
  const clients = loadBalancerSourceRanges.length > 0 ? loadBalancerSourceRanges : [anywhere];
  const open = clients.filter((range) => !optedOut.some((out) => out === range || within(range, out)));
  if (open.length === 0) return { verdict: "passed", evidence: `the clients of ${named} opt out of DSR` };
  return {
    verdict: "failed",
    evidence: `${named} has externalTrafficPolicy: Cluster, and its clients in ${open.join(", ")} do not opt out of DSR`,
  };
}
