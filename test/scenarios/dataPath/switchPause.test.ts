import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kubeProxy } from "../../simulator/dataPath/kubeProxy.ts";
import { presentNodePrograms } from "../../toolchain/calicoNode.ts";
import { presentKubernetesTools } from "../../toolchain/kubernetesTools.ts";
import { bringInServer, underLoad } from "./load/underLoad.ts";
import { ipPool } from "./manifests.ts";
import { endpointHost, type Lab, openRules, startLab } from "./startLab.ts";
import { bringUp, configure, inCalicoNode, until } from "./steps.ts";
import { idlePod } from "./workloads.ts";

/** Three nodes in one subnet with Felix in iptables mode, and kube-proxy, which stays. */
let lab: Lab;

beforeAll(async () => {
  const [tools, programs] = await Promise.all([presentKubernetesTools(), presentNodePrograms()]);
  if (tools === undefined || programs === undefined)
    throw new Error("the programs of the lab were not built");
  lab = await startLab(tools, programs);
  for (const object of kubeProxy(endpointHost)) await lab.api.apply(object, { manager: "eks" });
  await bringUp(lab, 3, { externalServiceMode: "Tunnel", bpfEnabled: false });
  await configure(lab, { bpfKubeProxyIptablesCleanupEnabled: false });
  const pods = { protocol: "-1", peers: ["192.168.0.0/16"] } as const;
  const rules = { ...openRules, ingress: [...openRules.ingress, pods] };
  await lab.dataPath.vpc.change(new Map(["n1", "n2", "n3"].map((name) => [name, { rules }])));
  await bringInServer(lab);
});

afterAll(() => lab?.stop());

const isBpf = async (node: number) =>
  /cali_tc_preambl/.test(await inCalicoNode(lab, node, ["bpftool", "net"]));

const all = async (expected: boolean) =>
  (await Promise.all([1, 2, 3].map(isBpf))).every((one) => one === expected);

/** Keeps the processors busy with other work while something runs. */
async function besideOthers<T>(count: number, work: () => Promise<T>): Promise<T> {
  const hogs = Array.from({ length: count }, () => spawn("sh", ["-c", "while :; do :; done"]));
  try {
    return await work();
  } finally {
    for (const hog of hogs) hog.kill("SIGKILL");
  }
}

/** Starts pods on every node, where they do not run yet, and waits until they do. */
async function bringInPods(perNode: number): Promise<void> {
  const nodes = ["n1", "n2", "n3"];
  const pods = nodes.flatMap((node) =>
    Array.from({ length: perNode }, (_, index) => ({ node, name: `${node}-${index + 1}` })),
  );
  for (const { node, name } of pods) await lab.api.apply(idlePod(name, node), { manager: "test" });
  const isStarted = ({ node, name }: { node: string; name: string }) =>
    lab.dataPath.node(node).pod("default", name)?.container("agnhost") !== undefined;
  await until("the pods", 120, async () => pods.every(isStarted));
}

interface Case {
  readonly vxlanMode?: "Always" | "CrossSubnet";
  /** Processes that keep the processors busy. */
  readonly others?: number;
  /** Pods on each node, apart from those of the load. */
  readonly pods?: number;
  readonly bpfPolicyDebugEnabled?: boolean;
}

describe("the pause of pods on the way to eBPF", () => {
  it.each<[string, Case]>([
    ["VXLAN", {}],
    ["VXLANCrossSubnet in one subnet", { vxlanMode: "CrossSubnet" }],
    ["VXLAN, eight other processes on two processors", { others: 8 }],
    ["VXLANCrossSubnet, eight other processes", { vxlanMode: "CrossSubnet", others: 8 }],
    ["VXLAN, 30 pods on each node", { pods: 30 }],
    ["VXLAN, 60 pods on each node", { pods: 60 }],
    ["VXLAN, 60 pods on each node, bpfPolicyDebugEnabled: false", { pods: 60, bpfPolicyDebugEnabled: false }],
  ])(
    "with %s",
    async (name, { vxlanMode = "Always", others = 0, pods = 0, bpfPolicyDebugEnabled = true }) => {
      await lab.api.apply(ipPool(vxlanMode), { manager: "test", force: true });
      await bringInPods(pods);
      await configure(lab, { bpfPolicyDebugEnabled });
      await sleep(5000);
      const figures = await besideOthers(others, () =>
        underLoad(lab, 40, async () => {
          const began = performance.now();
          await configure(lab, { bpfEnabled: true });
          await until("eBPF on every node", 90, () => all(true));
          process.stdout.write(
            `${name}: programs after ${((performance.now() - began) / 1000).toFixed(1)} s\n`,
          );
        }),
      );
      process.stdout.write(`${name}: ${JSON.stringify(figures)}\n`);
      await configure(lab, { bpfEnabled: false });
      await until("iptables mode", 90, () => all(false));
      await sleep(5000);
      // Ten a second: 0.1 to 5.1 s. Counted, because after 3 of 15 switches single ones failed up to 30 s later.
      for (const kind of ["pod to pod", "pod to service"] as const) {
        expect(figures[kind].longAlive).toBe(5);
        expect(figures[kind].newFailed).toBeLessThan(100);
      }
    },
    300_000,
  );
});
