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

/** Starts pods on every node, and waits until they run. */
async function bringInPods(perNode: number): Promise<void> {
  const numbers = Array.from({ length: perNode }, (_, index) => index + 1);
  for (const node of ["n1", "n2", "n3"])
    for (const number of numbers)
      await lab.api.apply(idlePod(`${node}-${number}`, node), { manager: "test" });
  const started = () =>
    [1, 2, 3]
      .flatMap((node) => lab.dataPath.node(`n${node}`).pods)
      .filter((one) => one.container("agnhost") !== undefined).length;
  await until(
    "the pods",
    120,
    async () => started(),
    (count) => count >= 3 * perNode,
  );
}

interface Case {
  readonly vxlanMode?: "Always" | "CrossSubnet";
  /** Processes that keep the processors busy. */
  readonly others?: number;
  /** Pods on each node, apart from those of the load. */
  readonly pods?: number;
  readonly bpfPolicyDebugEnabled?: boolean;
}

let podsPerNode = 0;

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
      if (pods > podsPerNode) await bringInPods(pods);
      podsPerNode = pods;
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
      // 0.1 to 2.5 s, whatever the encapsulation and the other processes; with 60 pods once 10.8 s.
      for (const kind of ["pod to pod", "pod to service"] as const) {
        expect(figures[kind].longAlive).toBe(5);
        expect(figures[kind].outageSeconds).toBeLessThan(pods === 0 ? 10 : 20);
      }
    },
    300_000,
  );
});
