import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at } from "../../simulator/kubernetes/object.ts";
import { presentNodePrograms } from "../../toolchain/calicoNode.ts";
import { presentKubernetesTools } from "../../toolchain/kubernetesTools.ts";
import { ipPool } from "./manifests.ts";
import { type Lab, openRules, startLab } from "./startLab.ts";
import { bringUp, inPod, named, until } from "./steps.ts";
import { idlePod, serverPod } from "./workloads.ts";

/** Nodes 1 and 2 in one subnet, node 3 in another; a server on each of the last two, a pod that asks on node 1. */
let lab: Lab;
let serverIps: Readonly<Record<2 | 3, string>> = { 2: "", 3: "" };

const podCidr = "192.168.0.0/16";

/** With the rule that unencapsulated pods need: all traffic from their addresses. */
const withPods = {
  ...openRules,
  ingress: [...openRules.ingress, { protocol: "-1", peers: [podCidr] } as const],
};

beforeAll(async () => {
  const [tools, programs] = await Promise.all([presentKubernetesTools(), presentNodePrograms()]);
  if (tools === undefined || programs === undefined)
    throw new Error("the programs of the lab were not built");
  lab = await startLab(tools, programs);
  await bringUp(lab, 3, { externalServiceMode: "Tunnel", encapsulation: "CrossSubnet" }, [3]);
  await lab.dataPath.vpc.change(new Map(["n1", "n2", "n3"].map((name) => [name, { rules: withPods }])));
  await lab.api.apply(idlePod("visitor", "n1"), { manager: "test" });
  for (const node of [2, 3]) {
    await lab.api.apply(serverPod(`web${node}`, `n${node}`, { app: "web" }), { manager: "test" });
  }
  const ipOfPod = (name: string) =>
    until(
      `pod ${name}`,
      90,
      async () => String(at(await lab.api.get(named("v1", "Pod", name, "default")), "status.podIP") ?? ""),
      (ip) => ip !== "",
    );
  serverIps = { 2: await ipOfPod("web2"), 3: await ipOfPod("web3") };
  await ipOfPod("visitor");
  for (const node of [2, 3] as const)
    await until(`an answer from node ${node}`, 60, async () => (await from1(node)) === `web${node}`);
});

afterAll(() => lab?.stop());

/** What the server on a node answers the pod on node 1. */
const from1 = (node: 2 | 3) =>
  inPod(lab, 1, "visitor", [
    "curl",
    "--silent",
    "--max-time",
    "2",
    `http://${serverIps[node]}:8080/hostname`,
  ]);

/** Packets that node 1 has sent by VXLAN. */
async function vxlanPackets(): Promise<number> {
  const file = "/sys/class/net/vxlan.calico/statistics/tx_packets";
  return Number(await lab.dataPath.node("n1").space.must(["cat", file]));
}

/** Packets that go by VXLAN while the pod on node 1 asks the server on a node. */
async function vxlanWhileAsking(node: 2 | 3): Promise<number> {
  const before = await vxlanPackets();
  expect(await from1(node)).toBe(`web${node}`);
  return (await vxlanPackets()) - before;
}

const check = (node: number, on: boolean) =>
  lab.dataPath.setSourceDestCheck(`i-${String(node).padStart(17, "0")}`, on);

describe("machines that were started at once", () => {
  it("know each other's interface within a subnet, whichever was first", async () => {
    const known = (node: number) =>
      lab.dataPath.node(`n${node}`).space.must(["ip", "neigh", "show", "nud", "permanent"]);
    expect(await known(1)).toMatch(/^10\.40\.0\.12 dev eth0 lladdr 02:ec:0a:28:00:0c PERMANENT/m);
    expect(await known(2)).toMatch(/^10\.40\.0\.11 dev eth0 lladdr 02:ec:0a:28:00:0b PERMANENT/m);
    expect(await known(3)).not.toMatch(/10\.40\.0\./);
  });
});

describe("VXLANCrossSubnet", () => {
  it("encapsulates between subnets only", async () => {
    expect(await vxlanWhileAsking(2)).toBe(0);
    expect(await vxlanWhileAsking(3)).toBeGreaterThan(3);
  });

  it("needs the source/destination check off within a subnet, and does not mind it between subnets", async () => {
    await check(2, true);
    await check(3, true);
    expect(await from1(2)).toMatch(/^code 28/);
    expect((await lab.dataPath.vpc.dropped("n2")).byCheck).toBeGreaterThan(0);
    expect(await from1(3)).toBe("web3");
    await check(2, false);
    await check(3, false);
    expect(await from1(2)).toBe("web2");
  });

  it("needs the rule for pods' addresses within a subnet, and not between subnets", async () => {
    await lab.dataPath.vpc.change(new Map(["n2", "n3"].map((name) => [name, { rules: openRules }])));
    expect(await from1(2)).toMatch(/^code 28/);
    expect((await lab.dataPath.vpc.dropped("n2")).byRules).toBeGreaterThan(0);
    expect(await from1(3)).toBe("web3");
    await lab.dataPath.vpc.change(new Map(["n2", "n3"].map((name) => [name, { rules: withPods }])));
  });
});

describe("without encapsulation between two subnets", () => {
  it("the subnet's router knows no pod: the packet is lost", async () => {
    // As Felix would route it if the pool had no encapsulation.
    const { space } = lab.dataPath.node("n1");
    const route = ["ip", "route", "add", `${serverIps[3]}/32`, "via", "10.40.0.1", "dev", "eth0"];
    await space.must(route);
    expect(await from1(3)).toMatch(/^code 28/);
    await space.must(["ip", "route", "delete", `${serverIps[3]}/32`]);
    expect(await from1(3)).toBe("web3");
  });
});

describe("VXLAN", () => {
  it("encapsulates within a subnet and between subnets, and minds no check", async () => {
    await lab.api.apply(ipPool("Always"), { manager: "test", force: true });
    await until("VXLAN within the subnet", 60, async () => {
      const before = await vxlanPackets();
      return (await from1(2)) === "web2" && (await vxlanPackets()) > before;
    });
    await check(2, true);
    await check(3, true);
    expect(await vxlanWhileAsking(2)).toBeGreaterThan(3);
    expect(await vxlanWhileAsking(3)).toBeGreaterThan(3);
  });
});
