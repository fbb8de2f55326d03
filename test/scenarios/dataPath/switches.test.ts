import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kubeProxy } from "../../simulator/dataPath/kubeProxy.ts";
import { presentNodePrograms } from "../../toolchain/calicoNode.ts";
import { presentKubernetesTools } from "../../toolchain/kubernetesTools.ts";
import type { LossFigures } from "./load/losses.ts";
import { bringInServer, type Kind, underLoad } from "./load/underLoad.ts";
import { endpointHost, type Lab, startLab } from "./startLab.ts";
import { bringUp, configure, inCalicoNode, named, until } from "./steps.ts";

/** Three nodes with kube-proxy and Felix in iptables mode, as a cluster before the switch. */
let lab: Lab;

const proxyName = named("apps/v1", "DaemonSet", "kube-proxy", "kube-system");

beforeAll(async () => {
  const [tools, programs] = await Promise.all([presentKubernetesTools(), presentNodePrograms()]);
  if (tools === undefined || programs === undefined)
    throw new Error("the programs of the lab were not built");
  lab = await startLab(tools, programs);
  await startKubeProxy();
  await bringUp(lab, 3, { externalServiceMode: "Tunnel", bpfEnabled: false });
  await bringInServer(lab);
});

afterAll(() => lab?.stop());

async function startKubeProxy(): Promise<void> {
  for (const object of kubeProxy(endpointHost)) await lab.api.apply(object, { manager: "eks" });
}

const isBpf = async (node: number) =>
  /cali_tc_preambl/.test(await inCalicoNode(lab, node, ["bpftool", "net"]));

/** What a switch did, for the page of the documents that gives the figures. */
function say(name: string, figures: Record<Kind, LossFigures>): void {
  process.stdout.write(`${name}: ${JSON.stringify(figures)}\n`);
}

describe("while nothing changes", () => {
  it("no connection of any kind is lost", async () => {
    const figures = await underLoad(lab, 5, async () => {});
    say("nothing", figures);
    for (const [kind, one] of Object.entries(figures)) {
      expect({ kind, ...one }).toMatchObject({ kind, longAlive: 5, newFailed: 0 });
    }
  });
});

const kubeProxyRules = async (node: number) =>
  (await lab.dataPath.node(`n${node}`).space.must(["iptables-save"]))
    .split("\n")
    .filter((line) => line.includes("KUBE-SVC-"));

describe("the way to eBPF, with kube-proxy stopped when every node has its programs", () => {
  it("cuts pods off for as long as Felix takes, and connections of pods live through it", async () => {
    const figures = await underLoad(lab, 40, async () => {
      await configure(lab, { bpfEnabled: true });
      await until("eBPF on every node", 60, async () =>
        (await Promise.all([1, 2, 3].map(isBpf))).every(Boolean),
      );
      await lab.api.delete(proxyName, { propagationPolicy: "Background" });
    });
    say("to eBPF", figures);
    expect(figures["pod to pod"].longAlive).toBe(5);
    expect(figures["pod to service"].longAlive).toBe(5);
    // From 1 to 31 s, by release and load.
    for (const { newFailed, newOf } of Object.values(figures)) expect(newFailed / newOf).toBeLessThan(0.75);
  }, 240_000);

  it("leaves no rule of kube-proxy", async () => {
    const left = async () => (await kubeProxyRules(1)).length;
    expect(await until("no rule", 60, left, (count) => count === 0)).toBe(0);
  });
});

describe("the way back, in the order of the program: rules left alone, kube-proxy, eBPF off", () => {
  it("refuses new connections for a moment at most", async () => {
    await configure(lab, { bpfKubeProxyIptablesCleanupEnabled: false });
    // Felix starts anew by it, and until then still removes rules.
    await sleep(15_000);
    const figures = await underLoad(lab, 30, async () => {
      await startKubeProxy();
      await until("rules on every node", 60, async () =>
        (await Promise.all([1, 2, 3].map(kubeProxyRules))).every(({ length }) => length > 0),
      );
      await configure(lab, { bpfEnabled: false });
    });
    say("back", figures);
    expect(figures["pod to service"].outageSeconds).toBeLessThan(5);
    expect(figures["NodePort, own node"].outageSeconds).toBeLessThan(5);
    expect(figures["pod to pod"].longAlive).toBeGreaterThanOrEqual(4);
  }, 240_000);
});
