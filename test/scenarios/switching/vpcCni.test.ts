import { describe, expect, it } from "vitest";
import { leftovers } from "../../rehearsal/checks.ts";
import type { SwitchState } from "../../rehearsal/switching/states.ts";
import { at } from "../../simulator/kubernetes/object.ts";
import { onRealParts, parts } from "../realKubernetes/parts.ts";
import { smallCluster } from "../rehearsed.ts";
import { steps, switchedStack } from "./switchedStack.ts";
import { type Seen, transition } from "./transition.ts";

const onVpcCni = { ...smallCluster, "calico-ebpf-eks:calico": { cni: "AmazonVPC" } };

const absent: SwitchState = { dataplane: "BPF", externalService: "Tunnel", kubeProxy: "Absent" };
const iptables: SwitchState = { dataplane: "Iptables", externalService: "Tunnel", kubeProxy: "Running" };
const parked: SwitchState = { ...absent, kubeProxy: "Parked" };

describe.skipIf(parts === undefined)(onRealParts, { timeout: 600_000 }, () => {
  it("a stack on the VPC CNI comes up, goes to iptables and back, and leaves nothing behind", async () => {
    const stack = await switchedStack(onVpcCni);
    const { engine, world } = stack;
    await stack.configure(absent);
    await engine.up();

    const pods = world.kubernetes.contents().filter(({ kind }) => kind === "Pod");
    const apiServers = pods.filter(({ metadata }) => metadata.name.startsWith("calico-apiserver"));
    const installed = world.kubernetes
      .contents()
      .find(({ kind, metadata }) => kind === "DaemonSet" && metadata.name === "calico-node");
    // The real operator has taken the Installation: no CNI plugin by Calico, and its API server where pods are.
    expect(JSON.stringify(at(installed, "spec.template.spec.initContainers"))).not.toContain("install-cni");
    expect(JSON.stringify(installed)).toContain('"FELIX_BPFEXTTOSERVICECONNMARK","value":"0x80"');
    expect(apiServers.map((pod) => at(pod, "spec.hostNetwork"))).toEqual([undefined, undefined]);
    expect(await steps((onEvent) => engine.preview(onEvent))).toEqual([]);

    const seen: Seen[] = [];
    const ways = [
      [absent, iptables],
      [iptables, parked],
      [parked, iptables],
      [iptables, absent],
    ] as const;
    for (const [from, to] of ways) seen.push(await transition(stack, from, to));
    expect(seen.filter(({ problems }) => problems.length > 0)).toEqual([]);

    await engine.refresh();
    await engine.destroy();
    expect(leftovers(world)).toEqual([]);
  });
});
