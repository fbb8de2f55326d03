import type { Check, Finding, Live } from "../check.ts";
import { nodes } from "../reading/objects.ts";
import {
  askProbe,
  fromEachProbe,
  fromOutside,
  insist,
  oneBackend,
  probeLabel,
  probePort,
  probes,
  servicePort,
  sharedService,
} from "../workloads/probes.ts";

/** Why nothing can be forwarded between nodes; true: it can. */
export async function hasOtherNodes(live: Live): Promise<string | true> {
  const usable = (await nodes(live)).filter((one) => one.ready && one.operatingSystem === "linux");
  return usable.length > 1 ? true : "there is only one node, so none without a backend";
}

/** Evidence where not even the backend's own node answers the control plane. */
export function nothingFromOutside(port: number, why: string): string {
  return `the control plane cannot reach NodePort ${port} even at its backend's own node, so the check is inconclusive: ${why}; nodePorts.clients may not include the control plane's subnets`;
}

/**
 * NodePorts from outside. A client in the cluster would prove nothing: its own node translates the NodePort of any node
 * at once. The control plane is outside, and reaches the nodes through the API server's node proxy.
 */
export const nodePort: Check = {
  name: "node-port",
  title: "a NodePort answers at nodes without a backend",
  source:
    "projectcalico/calico felix/bpf-gpl/nat_lookup.h: remote NodePorts are translated where traffic starts",
  meaning: "Clients reach the service only through the nodes on which its pods run.",
  cure: "Allow UDP 4789 between the nodes in both directions; with DSR, see also the checks source-destination-check and node-subnet.",
  needs: ["workloads", "node-proxy"],
  appliesTo: hasOtherNodes,
  async run(live) {
    const { nodePort: port, node, pod, others } = await oneBackend(live);
    const own = await fromOutside(live, node, port, "/hostname");
    const found = await Promise.all(
      others.map(async (other): Promise<Finding> => {
        const { ok, text } = await fromOutside(live, other, port, "/hostname");
        const where = `NodePort ${port}, with its backend on ${node.name}`;
        return {
          node: other.name,
          verdict: ok && text === pod.name ? "passed" : "failed",
          evidence: ok ? `${where}, answered from ${text}` : `${where}, did not answer: ${text}`,
        };
      }),
    );
    if (own.ok || found.some(({ verdict }) => verdict === "passed")) return found;
    return [{ verdict: "unknown", evidence: nothingFromOutside(port, own.text) }];
  },
};

/** Services by their own address. */
export const clusterIpService: Check = {
  name: "service-cluster-ip",
  title: "pods reach a service by its cluster IP",
  source: "tigera/docs operations/ebpf/enabling-ebpf.mdx, what eBPF takes over from kube-proxy",
  meaning: "On this node, neither eBPF nor kube-proxy translates service addresses to pod addresses.",
  cure: "See whether check ebpf-mode passes on this node; if it does, check UDP 4789 between the nodes.",
  needs: ["workloads", "exec"],
  async run(live) {
    const { clusterIp } = await sharedService(live);
    return fromEachProbe(live, async (probe) => {
      const url = `http://${clusterIp}:${servicePort}/hostname`;
      const { ok, text } = await insist(live, probe, `curl -sS -m 5 ${url}`, 5);
      return {
        verdict: ok ? "passed" : "failed",
        evidence: ok
          ? `${clusterIp}:${servicePort} answered from ${text}`
          : `${clusterIp}:${servicePort}: ${text}`,
      };
    });
  },
};

/** Seconds after which a node should know a service. Felix takes about one. */
const patienceSeconds = 15;

/** What was programmed continues to work when nothing programs any more; only something new shows that. */
export const newService: Check = {
  name: "service-new",
  title: "a newly created service answers on every node",
  source: "projectcalico/calico felix/bpf/proxy: each calico-node writes the service tables of its node",
  meaning: "Existing services continue to work on this node, but it does not see new services and new pods.",
  cure: "Read the log of calico-node there for errors of its proxy, and restart that pod with kubectl delete pod.",
  needs: ["workloads", "exec"],
  async run(live) {
    const { workloads } = await probes(live);
    const { clusterIp } = await workloads.addService({
      name: "made-just-now",
      selector: probeLabel,
      port: servicePort,
      targetPort: probePort,
    });
    return fromEachProbe(live, async (probe) => {
      const url = `http://${clusterIp}:${servicePort}/hostname`;
      const { ok, text, tries } = await insist(live, probe, `curl -sS -m 5 ${url}`, patienceSeconds);
      return {
        verdict: ok ? "passed" : "failed",
        evidence: ok
          ? `${clusterIp}:${servicePort} answered at attempt ${tries}`
          : `${clusterIp}:${servicePort} did not answer in ${tries} attempts, a second apart: ${text}`,
      };
    });
  },
};

/** The API server as pods reach it. */
export const apiFromPod: Check = {
  name: "api-from-pod",
  title: "pods reach the API server through its service",
  source: "kubernetes.io, Accessing the Kubernetes API from a Pod",
  meaning: "Controllers and operators on this node cannot work.",
  cure: "If service-cluster-ip passes there, make sure that the control plane's security group allows the nodes on TCP 443.",
  needs: ["workloads", "exec"],
  async run(live) {
    // Any answer will do, a refusal too: the pod has no token.
    const command =
      "curl -sSk -m 5 -o /dev/null -w '%{http_code}' https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/version";
    return fromEachProbe(live, async (probe) => {
      const { ok, text } = await insist(live, probe, command, 3);
      return {
        verdict: ok ? "passed" : "failed",
        evidence: ok ? `service kubernetes answered with HTTP ${text}` : `service kubernetes: ${text}`,
      };
    });
  },
};

/** Name resolution, by CoreDNS behind a service. */
export const dns: Check = {
  name: "dns",
  title: "pods resolve the name of a service",
  source: "kubernetes.io, DNS for Services and Pods",
  meaning: "Pods on this node cannot resolve service names.",
  cure: "If service-cluster-ip passes there, check the CoreDNS pods; if not, fix that first.",
  needs: ["workloads", "exec"],
  async run(live) {
    const service = await live.cluster.get<{ spec: { clusterIP: string } }>(
      "/api/v1/namespaces/default/services/kubernetes",
    );
    const expected = service?.spec.clusterIP ?? "";
    return fromEachProbe(live, async (probe) => {
      const { ok, text } = await insist(live, probe, "nslookup kubernetes.default", 5);
      const isRight = ok && text.split(" ").includes(expected);
      return {
        verdict: isRight ? "passed" : "failed",
        evidence: isRight ? `kubernetes.default is ${expected}` : `kubernetes.default: ${text}`,
      };
    });
  },
};

/** An AWS service for which a network without internet access has an endpoint, too (facts/networks.ts). */
async function hostOutside(live: Live): Promise<string | undefined> {
  const region = (await nodes(live)).find((node) => node.region !== undefined)?.region;
  if (region === undefined) return undefined;
  return `sts.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

/** Destinations outside the cluster. */
export const outside: Check = {
  name: "outside",
  title: "pods reach destinations outside the cluster",
  source: "tigera/docs networking/configuring/workloads-outside-cluster.mdx: natOutgoing of the IP pool",
  meaning:
    "Pods on this node reach nothing beyond the nodes: addresses of Calico's network are known only in the cluster.",
  cure: "Make sure that the nodes' subnet has a NAT gateway or an STS endpoint, and that the IP pool, if there is one, has natOutgoing.",
  needs: ["workloads", "exec"],
  appliesTo: async (live) =>
    (await hostOutside(live)) === undefined ? "the nodes have no AWS region label" : true,
  async run(live) {
    const host = await hostOutside(live);
    const command = `curl -sS -m 10 -o /dev/null -w '%{http_code}' https://${host}/`;
    return fromEachProbe(live, async (probe) => {
      const { ok, text } = await insist(live, probe, command, 2);
      return {
        verdict: ok ? "passed" : "failed",
        evidence: ok ? `${host} answered with HTTP ${text}` : `${host}: ${text}`,
      };
    });
  },
};

/** Headers of IPv4 and of an ICMP echo request, in bytes. */
const headerBytes = 28;

const packets = 3;

/** Packets as large as a pod's interface allows. */
export const largestPacket: Check = {
  name: "largest-packet",
  title: "a pod's largest packet reaches another node unfragmented",
  source: "tigera/docs networking/configuring/mtu.mdx: VXLAN uses 50 bytes of the network's MTU",
  meaning:
    "Small requests work, large ones hang: packets of the maximum size for pods are lost between the nodes.",
  cure: "Leave calico.mtu at auto, or set it 50 below the smallest MTU between the nodes; with the AWS VPC CNI, set its AWS_VPC_ENI_MTU to that MTU. Then restart the pods.",
  needs: ["workloads", "exec"],
  appliesTo: hasOtherNodes,
  async run(live) {
    return fromEachProbe(live, async (probe, pods) => {
      const target = pods[(pods.indexOf(probe) + 1) % pods.length] ?? probe;
      const mtu = Number((await askProbe(live, probe, "cat /sys/class/net/eth0/mtu")).stdout);
      const size = mtu - headerBytes;
      // The kernel does not fragment what fits its own interface, until it learns of a smaller MTU on the path.
      const command = `ping -c ${packets} -W 2 -s ${size} ${target.ip}`;
      const { text } = await insist(live, probe, command, 1);
      const route = (await askProbe(live, probe, `ip route get ${target.ip}`)).stdout;
      const learnt = /\bmtu (\d+)/.exec(route)?.[1];
      const received = Number(/(\d+)(?: packets)? received/.exec(text)?.[1] ?? 0);
      const answered = `${received} of ${packets} packets of ${mtu} bytes to ${target.node} were answered`;
      // No answer at all says nothing about sizes.
      if (received === 0 && !(await insist(live, probe, `ping -c 1 -W 2 ${target.ip}`, 2)).ok) {
        const evidence = `not even a small packet to ${target.node} was answered: ${text}`;
        return { verdict: "unknown", evidence };
      }
      const isSmaller = learnt !== undefined && Number(learnt) < mtu;
      return {
        verdict: received === packets && !isSmaller ? "passed" : "failed",
        evidence: isSmaller ? `${answered}; the path MTU is ${learnt} bytes` : answered,
      };
    });
  },
};
