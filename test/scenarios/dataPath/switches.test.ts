import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { presentKubernetesTools } from "../../rehearsal/tools/kubernetesTools.ts";
import { kubeProxy } from "../../simulator/dataPath/kubeProxy.ts";
import { presentNodePrograms } from "../../toolchain/calicoNode.ts";
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
    const figures = await underLoad(lab, 10, async () => {});
    say("nothing", figures);
    for (const [kind, one] of Object.entries(figures)) {
      expect({ kind, ...one }).toMatchObject({ kind, longAlive: 5, newFailed: 0 });
    }
  });
});

describe("the way to eBPF, with kube-proxy stopped when every node has its programs", () => {
  it("stops pod traffic between nodes while Felix loads its programs, and resets what came through another node", async () => {
    const figures = await underLoad(lab, 75, async () => {
      await configure(lab, { bpfEnabled: true });
      await until("eBPF on every node", 60, async () =>
        (await Promise.all([1, 2, 3].map(isBpf))).every(Boolean),
      );
      await lab.api.delete(proxyName, { propagationPolicy: "Background" });
    });
    say("to eBPF", figures);
    expect(figures["NodePort, another node"].longAlive).toBe(0);
    expect(figures["pod to pod"].newFailed).toBeGreaterThan(0);
    // They come back by retransmission.
    expect(figures["pod to pod"].longAlive).toBe(5);
  }, 240_000);
});

describe("the way back, with kube-proxy first", () => {
  it("refuses new connections for a moment at most", async () => {
    const figures = await underLoad(lab, 60, async () => {
      await startKubeProxy();
      await sleep(15_000);
      await configure(lab, { bpfEnabled: false });
    });
    say("back", figures);
    expect(figures["pod to service"].outageSeconds).toBeLessThan(5);
    expect(figures["NodePort, own node"].outageSeconds).toBeLessThan(5);
  }, 240_000);
});
