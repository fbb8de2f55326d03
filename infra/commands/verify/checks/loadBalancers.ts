import { within } from "../../../../components/values/cidr.ts";
import type { Check, Finding, Live } from "../check.ts";
import { externalServiceMode, felixDefault, hasVpcCni } from "../reading/calico.ts";
import { type LiveService, services } from "../reading/objects.ts";

const targetType = "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type";

/** With `preserve_client_ip.enabled=false` the load balancer's own address is the client. */
const attributes = "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes";

const anywhere = "0.0.0.0/0";

/** Whether load balancers get their replies. */
export const loadBalancers: Check = {
  name: "load-balancers",
  title: "every Service of type LoadBalancer has its load balancer, and loses no replies to DSR",
  source: "tigera/docs operations/ebpf/troubleshoot-ebpf.mdx: DSR is not compatible with a load balancer",
  meaning:
    "The Service has no address for clients. Or its load balancer expects the reply from the node that it sent to, but under DSR another node answers: connections time out whenever the pod runs elsewhere.",
  cure: "Without a load balancer, follow the Service's events: kubectl describe service. For lost replies, set externalTrafficPolicy: Local on the Service, or list its clients in calico.dsrOptOutCidrs, or set calico.externalService: Tunnel.",
  needs: ["read"],
  appliesTo: async (live) =>
    (await isDsr(live)) ||
    (await balanced(live)).length > 0 ||
    "there is no Service of type LoadBalancer, and replies go back through the first node (Tunnel)",
  async run(live) {
    const found = await balanced(live);
    if (found.length === 0) {
      return [{ verdict: "passed", evidence: "there is no Service of type LoadBalancer" }];
    }
    const optedOut = ((await felixDefault(live))?.spec?.["bpfDSROptoutCIDRs"] ?? []) as readonly string[];
    const paths = { optedOut, isRouted: await hasVpcCni(live), isDsr: await isDsr(live) };
    return found.map((service) => addressFinding(service, replyFinding(service, paths), Date.now()));
  },
};

async function isDsr(live: Live): Promise<boolean> {
  return (await externalServiceMode(live)) === "DSR";
}

async function balanced(live: Live): Promise<LiveService[]> {
  return (await services(live)).filter(({ type }) => type === "LoadBalancer");
}

const nameOf = ({ namespace, name }: LiveService) => `Service ${namespace}/${name}`;

/** Time in which a controller creates a load balancer: AWS takes about three minutes. */
const creationMinutes = 10;

/** Where clients find the service, once replies are known to come back. */
function addressFinding(service: LiveService, replies: Finding, now: number): Finding {
  if (replies.verdict === "failed") return replies;
  const [address] = service.loadBalancers;
  if (address !== undefined) return { ...replies, evidence: `${replies.evidence}, at ${address}` };
  const minutes = Math.round((now - Date.parse(service.createdAt)) / 60_000);
  if (minutes >= creationMinutes) {
    return { verdict: "failed", evidence: `${nameOf(service)} has no load balancer after ${minutes} min` };
  }
  return { ...replies, evidence: `${replies.evidence}; it has no load balancer yet` };
}

interface Paths {
  /** Clients that DSR leaves out. */
  readonly optedOut: readonly string[];
  /** Whether the VPC has routes to pods. */
  readonly isRouted: boolean;
  readonly isDsr: boolean;
}

/** How replies come back. */
function replyFinding(service: LiveService, { optedOut, isRouted, isDsr }: Paths): Finding {
  const { annotations, externalTrafficPolicy, loadBalancerSourceRanges } = service;
  const named = nameOf(service);
  if (externalTrafficPolicy === "Local") {
    return { verdict: "passed", evidence: `${named} has externalTrafficPolicy: Local` };
  }
  if (annotations[targetType] === "ip") {
    return isRouted
      ? { verdict: "passed", evidence: `${named} sends to pod addresses` }
      : { verdict: "failed", evidence: `${named} sends to pod addresses, to which the VPC has no route` };
  }
  if (!isDsr) return { verdict: "passed", evidence: `${named} gets replies through the first node (Tunnel)` };
  if (/\bpreserve_client_ip\.enabled=false\b/.test(annotations[attributes] ?? "")) {
    return optedOut.length > 0
      ? { verdict: "passed", evidence: `the load balancer of ${named} is the client, and opts out of DSR` }
      : {
          verdict: "failed",
          evidence: `the load balancer of ${named} is the client, and no range opts out of DSR`,
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
