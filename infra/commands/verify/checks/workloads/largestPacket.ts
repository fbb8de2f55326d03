import type { Check } from "../../check.ts";
import { fromEachProbe, insist } from "../../workloads/ask.ts";
import { askProbe } from "../../workloads/probes.ts";
import { hasOtherNodes } from "./otherNodes.ts";

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
