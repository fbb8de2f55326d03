import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PortRule } from "../../simulator/dataPath/firewall.ts";
import { at } from "../../simulator/kubernetes/object.ts";
import { presentNodePrograms } from "../../toolchain/calicoNode.ts";
import { presentKubernetesTools } from "../../toolchain/kubernetesTools.ts";
import { addNode, type Lab, openRules, startLab } from "./startLab.ts";
import { ask, bringUp, inPod, ipOf, named, serve, until } from "./steps.ts";
import { idlePod } from "./workloads.ts";

/** Three nodes in mode DSR; one server, on node 3; a pod on node 1. */
let lab: Lab;
let serverIp = "";
let serviceIp = "";

beforeAll(async () => {
  const [tools, programs] = await Promise.all([presentKubernetesTools(), presentNodePrograms()]);
  if (tools === undefined || programs === undefined)
    throw new Error("the programs of the lab were not built");
  lab = await startLab(tools, programs);
  // Node 4 has a role whose policy has lost the statement for its interface.
  lab.allows = ({ id }, action) => !(id.endsWith("4") && action === "ec2:ModifyNetworkInterfaceAttribute");
  await bringUp(lab, 3, { externalServiceMode: "DSR" });
  await lab.api.apply(idlePod("visitor", "n1", { app: "visitor" }), { manager: "test" });
  await serve(lab, 3);
  serverIp = String(at(await lab.api.get(named("v1", "Pod", "web", "default")), "status.podIP"));
  serviceIp = String(at(await lab.api.get(named("v1", "Service", "web", "default")), "spec.clusterIP"));
  await until(
    "the pod on node 1",
    60,
    async () => lab.dataPath.node("n1").pod("default", "visitor")?.container("agnhost")?.runs === true,
  );
});

afterAll(() => lab?.stop());

const fromPod = (host: string, port: number) =>
  inPod(lab, 1, "visitor", ["curl", "--silent", "--max-time", "2", `http://${host}:${port}/hostname`]);

describe("pods on two nodes", () => {
  it("reach each other, and the service, over VXLAN", async () => {
    expect(await fromPod(serverIp, 8080)).toBe("web");
    expect(await fromPod(serviceIp, 80)).toBe("web");
  });

  it("reach the API server by its service", async () => {
    const argv = ["curl", "--silent", "--insecure", "--max-time", "2", "https://172.20.0.1/livez"];
    expect(await inPod(lab, 1, "visitor", argv)).toBe("ok");
  });

  it("have an MTU that leaves room for VXLAN in a VPC's jumbo frames", async () => {
    const link = await inPod(lab, 1, "visitor", ["cat", "/sys/class/net/eth0/mtu"]);
    expect(Number(link)).toBe(8951);
  });

  it("lose the way when the rule for VXLAN is missing, and nothing else", async () => {
    const tcp: PortRule = { protocol: "tcp", peers: ["10.40.0.0/16"] };
    const without = { ...openRules, ingress: [tcp, { ...tcp, protocol: "icmp" } as const] };
    await lab.dataPath.vpc.change(new Map([["n3", { rules: without }]]));
    expect(await fromPod(serverIp, 8080)).toMatch(/^code 28/);
    expect(await ask(lab.client, ipOf(1))).toBe("lost");
    // The node itself needs no VXLAN.
    expect(await ask(lab.client, ipOf(3))).toMatch(/^10\.40\.200\.50:/);
    expect((await lab.dataPath.vpc.dropped("n3")).byRules).toBeGreaterThan(0);
    await lab.dataPath.vpc.change(new Map([["n3", { rules: openRules }]]));
    await until("the way back", 10, async () => (await fromPod(serverIp, 8080)) === "web");
  });
});

describe("the VPC", () => {
  it("has no way out of the run: its only links lead to its machines, and it routes nowhere else", async () => {
    const { space } = lab.dataPath.vpc;
    interface Link {
      readonly flags: readonly string[];
      readonly linkinfo?: { readonly info_kind: string };
      readonly link_type: string;
    }
    const links = JSON.parse(await space.must(["ip", "-json", "-details", "link"])) as Link[];
    const up = links.filter(({ flags, link_type }) => flags.includes("UP") && link_type !== "loopback");
    // Three nodes and a client.
    expect(up.map(({ linkinfo }) => linkinfo?.info_kind)).toEqual(Array(4).fill("veth"));
    expect(await space.must(["ip", "route", "show", "default"])).toBe("");
    expect(await ask(lab.client, "192.0.2.1")).not.toMatch(/^10\./);
  });
});

describe("a namespace that denies by default", () => {
  const policy = (name: string, ingress: readonly object[]) => ({
    ...named("networking.k8s.io/v1", "NetworkPolicy", name, "default"),
    spec: { podSelector: {}, policyTypes: ["Ingress"], ingress },
  });

  it("lets nothing in, but the probes of the node itself", async () => {
    await lab.api.apply(policy("default-deny", []), { manager: "test" });
    await until("denial", 20, async () => (await fromPod(serverIp, 8080)).startsWith("code 28"));
    expect(await ask(lab.client, ipOf(3))).toBe("lost");
    const probe = ["curl", "--silent", "--max-time", "2", `http://${serverIp}:8080/healthz`];
    expect((await lab.dataPath.node("n3").space.run(probe)).code).toBe(0);
  });

  it("lets in what a policy names, and nothing else", async () => {
    const from = [{ podSelector: { matchLabels: { app: "visitor" } } }];
    await lab.api.apply(policy("visitors", [{ from }]), { manager: "test" });
    await until("admission", 20, async () => (await fromPod(serverIp, 8080)) === "web");
    expect(await ask(lab.client, ipOf(1))).toBe("lost");
    for (const name of ["default-deny", "visitors"]) {
      await lab.api.delete(named("networking.k8s.io/v1", "NetworkPolicy", name, "default"));
    }
    await until("an open namespace", 20, async () => (await ask(lab.client, ipOf(1))) !== "lost");
  });
});

describe("a node", () => {
  it("whose role may not turn the check off keeps it, and does not become ready", async () => {
    await addNode(lab, 4);
    await until("Felix called AWS", 90, async () =>
      lab.dataPath.aws.calls.some(
        ({ instanceId, action, allowed }) =>
          instanceId.endsWith("4") && action === "ModifyNetworkInterfaceAttribute" && !allowed,
      ),
    );
    expect(lab.dataPath.instance("i-00000000000000004")?.sourceDestCheck).toBe(true);
    const readiness = ["curl", "--silent", "http://localhost:9099/readiness"];
    expect((await lab.dataPath.node("n4").space.run(readiness)).stdout).toMatch(
      /AWSSourceDestinationCheck .*not ready|AWSSourceDestinationCheck .*non-ready/,
    );
    // Tells the reason where a person looks for it.
    const pod = lab.dataPath
      .node("n4")
      .pods.find(({ pod: { metadata } }) => metadata.namespace === "calico-system");
    expect(pod?.log("calico-node").join("\n")).toMatch(
      /Failed to set source-destination-check: .*UnauthorizedOperation/,
    );
  });

  it("that is lost takes nothing with it but what ran on it", async () => {
    await lab.dataPath.removeNode("n2");
    expect(await ask(lab.client, ipOf(2))).not.toMatch(/^10\./);
    expect(await ask(lab.client, ipOf(1))).toMatch(/^10\.40\.200\.50:/);
    expect(await fromPod(serviceIp, 80)).toBe("web");
  });
});
