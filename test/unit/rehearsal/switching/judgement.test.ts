import { describe, expect, it } from "vitest";
import { judge } from "../../../rehearsal/switching/judgement.ts";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import { type Change, changeOf, momentsOf } from "../../../simulator/realKubernetes/history.ts";

/** An object as it was written, or one that was deleted. */
type Step = KubernetesObject | { readonly deleted: KubernetesObject };

/** Changes in the order given, each with the next version. */
function changes(...steps: readonly Step[]): Change[] {
  return steps.map((step, index) => {
    const isDeletion = "deleted" in step;
    const object = (isDeletion ? step.deleted : step) as KubernetesObject;
    const metadata = { ...object.metadata, resourceVersion: String(index + 1) };
    return changeOf({ ...object, metadata }, isDeletion);
  });
}

const node = (ready: boolean): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "a" },
  status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
});

const pod = (app: string, phase = "Running"): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: app, namespace: "kube-system", labels: { "k8s-app": app } },
  spec: { nodeName: "a" },
  status: { phase },
});

const felix = (spec: object): KubernetesObject => ({
  apiVersion: "crd.projectcalico.org/v1",
  kind: "FelixConfiguration",
  metadata: { name: "default" },
  spec,
});

const coreDns = (dataplane: string, replicas = 2): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "coredns", namespace: "kube-system" },
  spec: { replicas, template: { metadata: { annotations: { dataplane } } } },
});

const onBpf = [node(true), felix({ bpfEnabled: true }), pod("calico-node")] as const;

const judged = (...steps: readonly Step[]) => judge(momentsOf(changes(...onBpf, ...steps)), 3);

describe("the judgement of a switch", () => {
  it("finds nothing where kube-proxy comes before eBPF goes", () => {
    const steps = [felix({ bpfEnabled: true, bpfKubeProxyIptablesCleanupEnabled: false }), pod("kube-proxy")];

    expect(judged(...steps, felix({ bpfEnabled: false }))).toEqual({
      unserved: [],
      offBpf: ["a"],
      lastFight: undefined,
      coreDnsRolls: 0,
      lastRoll: undefined,
    });
  });

  it("finds the moment between eBPF and kube-proxy, however short", () => {
    expect(judged(felix({ bpfEnabled: false }), pod("kube-proxy")).unserved).toEqual(["a"]);
  });

  it("finds eBPF off where kube-proxy serves instead, and not where it stays on", () => {
    expect(judged(pod("kube-proxy")).offBpf).toEqual([]);
    expect(
      judged(pod("kube-proxy"), felix({ bpfEnabled: false }), felix({ bpfEnabled: true })).offBpf,
    ).toEqual(["a"]);
  });

  it("counts a kube-proxy only while its pod runs", () => {
    expect(judged(pod("kube-proxy", "Pending"), felix({ bpfEnabled: false })).unserved).toEqual(["a"]);
    expect(
      judged(pod("kube-proxy"), felix({ bpfEnabled: false }), { deleted: pod("kube-proxy") }).unserved,
    ).toEqual(["a"]);
  });

  it("lets eBPF serve while calico-node restarts: its programs stay", () => {
    expect(judged({ deleted: pod("calico-node") }).unserved).toEqual([]);
  });

  it("leaves out a node that is not ready, which has no pods", () => {
    expect(judged(node(false), felix({ bpfEnabled: false })).unserved).toEqual([]);
  });

  it("finds Felix and kube-proxy fighting, to the last moment, and not where cleaning up is off", () => {
    expect(judged(pod("kube-proxy"), coreDns("BPF"), { deleted: pod("kube-proxy") }).lastFight).toBe(5);
    expect(
      judged(felix({ bpfEnabled: true, bpfKubeProxyIptablesCleanupEnabled: false }), pod("kube-proxy"))
        .lastFight,
    ).toBeUndefined();
  });

  it("counts how often CoreDNS's pods were rolled, not how often its size changed", () => {
    const found = judged(coreDns("Iptables"), coreDns("BPF"), coreDns("BPF", 3));

    expect(found).toMatchObject({ coreDnsRolls: 1, lastRoll: 5 });
  });

  it("sorts what came in another order than it happened", () => {
    const steps = changes(...onBpf, pod("kube-proxy"), felix({ bpfEnabled: false }));

    expect(judge(momentsOf(steps.toReversed()), 3).unserved).toEqual([]);
  });
});
