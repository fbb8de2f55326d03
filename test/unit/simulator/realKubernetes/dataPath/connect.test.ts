import { describe, expect, it } from "vitest";
import {
  type Client,
  connect,
  type Destination,
} from "../../../../simulator/realKubernetes/dataPath/connect.ts";
import type { Network, PathNode } from "../../../../simulator/realKubernetes/dataPath/network.ts";
import { pathNode, threeNodes, web } from "./threeNodes.ts";

const outside: Client = { ip: "10.40.255.7", port: 40001, isPod: false };
const pod: Client = { ip: "192.168.1.1", port: 40001, node: "node-1", isPod: true };
const toNodePort: Destination = { ip: "10.40.0.1", port: 30080, protocol: "tcp" };
const toService: Destination = { ip: web.clusterIp, port: 80, protocol: "tcp" };

const withNode = (change: Partial<PathNode>, number: 1 | 2 = 1): Partial<Network> => ({
  nodes: [1, 2, 3].map((one) => pathNode(one as 1 | 2 | 3, one === number ? change : {})),
});

/** What the other end sees of a client, or why there is no other end. */
function seen(client: Client, asked: Destination, change: Partial<Network> = {}): string {
  const connected = connect(threeNodes(change), client, asked, 0);
  return connected.ok ? connected.seenAs : connected.why;
}

/** What a node keeps of a request from outside by node 1 to the backend on node 2. */
function kept(nodeName: string, change: Partial<Network> = {}) {
  const connected = connect(threeNodes(change), outside, toNodePort, 0);
  if (!connected.ok) throw new Error(connected.why);
  const { flags, sawReplies, tunnelIp } = connected.tracked.get(nodeName) ?? {};
  return { flags, sawReplies, tunnelIp };
}

describe("a request from outside to a NodePort at a node without a backend", () => {
  it("arrives with the client's address", () => expect(seen(outside, toNodePort)).toBe("10.40.255.7"));

  it("is forwarded with flag fwd-dsr, and its reply takes another way", () => {
    expect(kept("node-1")).toEqual({
      flags: ["fwd-dsr", "np-fwd"],
      sawReplies: false,
      tunnelIp: "10.40.0.2",
    });
    expect(kept("node-2")).toEqual({ flags: [], sawReplies: true, tunnelIp: "10.40.0.1" });
  });

  it("is forwarded without it by a tunnel, through which the reply comes back", () => {
    const nodes = [1, 2, 3].map((one) => pathNode(one as 1 | 2 | 3, { externalService: "Tunnel" }));

    expect(kept("node-1", { nodes })).toEqual({
      flags: ["np-fwd"],
      sawReplies: true,
      tunnelIp: "10.40.0.2",
    });
  });

  it.each<[string, Partial<Network>]>([
    [
      "UDP 4789 is closed on the way there",
      { allows: (from, _, __, port) => !(from.name === "node-1" && port === 4789) },
    ],
    ["the backend's node has its check on", withNode({ sourceDestCheck: true }, 2)],
    ["the backend's node is in another subnet", withNode({ subnetId: "subnet-b" }, 2)],
    ["the backend's node knows no service", withNode({ faults: { natTables: "empty" } }, 2)],
    ["the security group does not let it in", { allowsOutside: () => false }],
  ])("is lost when %s", (_, change) => expect(seen(outside, toNodePort, change)).toBe("timeout"));

  it("needs neither of the two where replies take the tunnel", () => {
    const other = { externalService: "Tunnel", sourceDestCheck: true, subnetId: "subnet-b" } as const;
    const nodes = [pathNode(1, { externalService: "Tunnel" }), pathNode(2, other)];

    expect(seen(outside, toNodePort, { nodes })).toBe("10.40.255.7");
  });

  it("needs the way back open where replies take the tunnel", () => {
    const nodes = [1, 2].map((one) => pathNode(one as 1 | 2, { externalService: "Tunnel" }));
    const allows: Network["allows"] = (from, _, __, port) => !(from.name === "node-2" && port === 4789);

    expect(seen(outside, toNodePort, { nodes, allows })).toBe("timeout");
    expect(seen(outside, toNodePort, { allows })).toBe("10.40.255.7");
  });

  it("arrives with the node's address where kube-proxy forwards", () => {
    const change = { ...withNode({ bpf: false }), hasKubeProxy: true };

    expect(seen(outside, toNodePort, change)).toBe("10.40.0.1");
  });

  it("is refused where nothing serves the port", () => {
    expect(seen(outside, { ...toNodePort, port: 30081 })).toBe("refused");
    expect(seen(outside, toNodePort, withNode({ faults: { natTables: "empty" } }))).toBe("refused");
  });

  it("goes nowhere with externalTrafficPolicy Local", () => {
    const services = [{ ...web, externalTrafficPolicy: "Local" as const }];

    expect(seen(outside, toNodePort, { services })).toBe("timeout");
    expect(seen(outside, { ...toNodePort, ip: "10.40.0.2" }, { services })).toBe("10.40.255.7");
  });
});

describe("a request from a pod", () => {
  it("reaches a service on another node with the pod's address", () =>
    expect(seen(pod, toService)).toBe("192.168.1.1"));

  it("to a NodePort of any node is translated where it begins, and never forwarded", () => {
    const connected = connect(threeNodes(), pod, { ...toNodePort, ip: "10.40.0.3" }, 0);

    expect(connected).toMatchObject({ ok: true, to: { ip: "192.168.2.2", port: 8080 } });
    expect(connected.ok && connected.tracked.size).toBe(0);
  });

  it.each<[string, Partial<Network>]>([
    ["its node has neither eBPF nor kube-proxy", withNode({ bpf: false })],
    ["its node's tables are empty", withNode({ faults: { natTables: "empty" } })],
    ["its node's tables are of before the service", withNode({ faults: { natTables: "frozen" } })],
    ["UDP 4789 is closed on the way back", { allows: (from) => from.name !== "node-2" }],
  ])("does not reach the service when %s", (_, change) =>
    expect(seen(pod, toService, change)).toBe("timeout"),
  );

  it("reaches the service without eBPF where kube-proxy runs", () =>
    expect(seen(pod, toService, { ...withNode({ bpf: false }), hasKubeProxy: true })).toBe("192.168.1.1"));

  it("reaches what was there when its node's tables froze", () => {
    const change = { ...withNode({ faults: { natTables: "frozen" } }), frozen: new Map([["node-1", [web]]]) };

    expect(seen(pod, toService, change)).toBe("192.168.1.1");
  });

  it("is refused by a service without a backend", () =>
    expect(seen(pod, toService, { services: [{ ...web, backends: [] }] })).toBe("refused"));

  it.each<[string, Partial<Network>]>([
    ["its node's check is on", withNode({ sourceDestCheck: true })],
    ["the pods' range is closed", { allowsPods: () => false }],
    [
      "the other node is in another subnet, to which the VPC routes no pod",
      withNode({ subnetId: "subnet-b" }),
    ],
  ])("without encapsulation is lost when %s", (_, change) => {
    expect(seen(pod, toService, { ...change, encapsulation: "None" })).toBe("timeout");
    expect(seen(pod, toService, { ...change, encapsulation: "VXLAN" })).toBe("192.168.1.1");
  });

  it("without encapsulation in a subnet only reaches another subnet through VXLAN", () => {
    const apart = { ...withNode({ subnetId: "subnet-b" }), encapsulation: "VXLANCrossSubnet" } as const;

    expect(seen(pod, toService, apart)).toBe("192.168.1.1");
    expect(seen(pod, toService, { ...apart, allowsPods: () => false })).toBe("192.168.1.1");
  });
});
