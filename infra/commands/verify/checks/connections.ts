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

/** Why nothing can be forwarded from one node to another; true: it can. */
export async function hasOtherNodes(live: Live): Promise<string | true> {
  const usable = (await nodes(live)).filter((one) => one.ready && one.operatingSystem === "linux");
  return usable.length > 1 ? true : "there is one node, and so none without a backend";
}

/** Evidence where not even the backend's own node answers the control plane. */
export function nothingFromOutside(port: number, why: string): string {
  return `the control plane reaches NodePort ${port} not even at its backend's own node, so that nothing can be said: ${why}; nodePorts.clients may leave the control plane's subnets out`;
}

/**
 * NodePorts from outside. A client in the cluster would prove nothing: its own node translates the NodePort of any node
 * at once. The control plane is outside, and asks the nodes by the API server's node proxy.
 */
export const nodePort: Check = {
  name: "node-port",
  title: "a NodePort answers at nodes without a backend",
  source:
    "projectcalico/calico felix/bpf-gpl/nat_lookup.h: remote NodePorts are translated where traffic begins",
  meaning: "Clients reach the service only by the nodes that its pods happen to run on.",
  cure: "Open UDP 4789 between the nodes both ways; under DSR, see checks source-destination-check and node-subnet too.",
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
  meaning: "On this node nothing turns a service's address into a pod's: neither eBPF nor kube-proxy does.",
  cure: "See whether check ebpf-mode passes on this node; if it does, look for UDP 4789 between the nodes.",
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

/** What was programmed once goes on to work when nothing programs any more; only something new shows it. */
export const newService: Check = {
  name: "service-new",
  title: "a service made just now answers on every node",
  source: "projectcalico/calico felix/bpf/proxy: each calico-node writes the service tables of its own node",
  meaning:
    "The services that there were go on to work on this node, but it learns of no new one and of no new pod.",
  cure: "Read the log of calico-node there for errors of its proxy, and restart that pod: kubectl delete pod.",
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

/** The API server as pods know it. */
export const apiFromPod: Check = {
  name: "api-from-pod",
  title: "pods reach the API server by its service",
  source: "kubernetes.io, Accessing the Kubernetes API from a Pod",
  meaning: "Controllers and operators on this node cannot work.",
  cure: "If service-cluster-ip passes there, see that the control plane's security group lets nodes in at TCP 443.",
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

/** Names, by CoreDNS behind a service. */
export const dns: Check = {
  name: "dns",
  title: "pods resolve the name of a service",
  source: "kubernetes.io, DNS for Services and Pods",
  meaning: "Pods on this node find no service by its name.",
  cure: "If service-cluster-ip passes there, look at the pods of CoreDNS; if not, fix that first.",
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

/** An AWS service that a network without a way to the internet has an endpoint of, too (facts/privateEndpoints.ts). */
async function hostOutside(live: Live): Promise<string | undefined> {
  const region = (await nodes(live)).find((node) => node.region !== undefined)?.region;
  if (region === undefined) return undefined;
  return `sts.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

/** What is outside of the cluster. */
export const outside: Check = {
  name: "outside",
  title: "pods reach what is outside of the cluster",
  source: "tigera/docs networking/configuring/workloads-outside-cluster.mdx: natOutgoing of the IP pool",
  meaning: "Pods on this node reach nothing beyond the nodes: their addresses are known only here.",
  cure: "See that the IP pool has natOutgoing, and that the nodes' subnet has a NAT gateway or an endpoint of STS.",
  needs: ["workloads", "exec"],
  appliesTo: async (live) =>
    (await hostOutside(live)) === undefined ? "the nodes name no AWS region in which to ask" : true,
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
  title: "the largest packet of a pod reaches another node in one piece",
  source: "tigera/docs networking/configuring/mtu.mdx: VXLAN takes 50 bytes of the network's MTU",
  meaning:
    "Small requests work, large ones hang: packets as long as pods may send them are lost between the nodes.",
  cure: "Leave calico.mtu at auto, or set it 50 below the smallest MTU between the nodes; then restart the pods.",
  needs: ["workloads", "exec"],
  appliesTo: hasOtherNodes,
  async run(live) {
    return fromEachProbe(live, async (probe, pods) => {
      const target = pods[(pods.indexOf(probe) + 1) % pods.length] ?? probe;
      const mtu = Number((await askProbe(live, probe, "cat /sys/class/net/eth0/mtu")).stdout);
      const size = mtu - headerBytes;
      // The kernel forbids to fragment what fits its own interface, until it has learnt of a smaller MTU on the way.
      const command = `ping -c ${packets} -W 2 -s ${size} ${target.ip}`;
      const { text } = await insist(live, probe, command, 1);
      const route = (await askProbe(live, probe, `ip route get ${target.ip}`)).stdout;
      const learnt = /\bmtu (\d+)/.exec(route)?.[1];
      const received = Number(/(\d+)(?: packets)? received/.exec(text)?.[1] ?? 0);
      const answered = `${received} of ${packets} packets of ${mtu} bytes to ${target.node} were answered`;
      // What does not answer at all says nothing of sizes.
      if (received === 0 && !(await insist(live, probe, `ping -c 1 -W 2 ${target.ip}`, 2)).ok) {
        const evidence = `not even a small packet to ${target.node} was answered: ${text}`;
        return { verdict: "unknown", evidence };
      }
      const isSmaller = learnt !== undefined && Number(learnt) < mtu;
      return {
        verdict: received === packets && !isSmaller ? "passed" : "failed",
        evidence: isSmaller ? `${answered}; the way there takes ${learnt} bytes` : answered,
      };
    });
  },
};
