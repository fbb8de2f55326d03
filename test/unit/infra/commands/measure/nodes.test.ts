import { describe, expect, it } from "vitest";
import { type BenchNode, benchNode, chooseNodes } from "../../../../../infra/commands/measure/nodes.ts";

function node(name: string, change: Partial<BenchNode> = {}): BenchNode {
  return {
    name,
    ip: `10.0.0.${name.charCodeAt(0)}`,
    instanceType: "m7i.large",
    zone: "eu-west-1a",
    region: "eu-west-1",
    architecture: "amd64",
    kernel: "6.12.40",
    kubelet: "v1.35.4",
    ...change,
  };
}

describe("the nodes that take part", () => {
  it("are alike where there are enough of a kind", () => {
    const large = { instanceType: "m7i.2xlarge" };
    const chosen = chooseNodes([node("a", large), node("d"), node("c"), node("b", large), node("e")]);

    expect([chosen.client.name, chosen.server.name, chosen.third?.name]).toEqual(["c", "d", "e"]);
    expect(chosen.count).toBe(5);
  });

  it("are filled up with others", () => {
    const chosen = chooseNodes([node("a", { zone: "eu-west-1b" }), node("c"), node("b")]);

    expect([chosen.client.name, chosen.server.name, chosen.third?.name]).toEqual(["b", "c", "a"]);
  });

  it("may be two", () => {
    expect(chooseNodes([node("a"), node("b")]).third).toBeUndefined();
  });

  it("are refused in one line when there is one", () => {
    expect(() => chooseNodes([node("a")])).toThrow(
      "measure: needs two Ready nodes that accept pods; there is 1. Add one to a pool (nodePools.<name>.size.desired), or uncordon one.",
    );
  });
});

describe("a node's object", () => {
  const object = {
    metadata: {
      name: "a",
      labels: {
        "node.kubernetes.io/instance-type": "m7i.large",
        "topology.kubernetes.io/zone": "eu-west-1a",
        "topology.kubernetes.io/region": "eu-west-1",
      },
    },
    status: {
      addresses: [{ type: "InternalIP", address: "10.0.0.97" }],
      conditions: [{ type: "Ready", status: "True" }],
      nodeInfo: {
        operatingSystem: "linux",
        architecture: "amd64",
        kernelVersion: "6.12.40",
        kubeletVersion: "v1.35.4",
      },
    },
  };

  it("tells what counts for a measurement", () => {
    expect(benchNode(object)).toEqual(node("a"));
  });

  it.each([
    ["not Ready", { status: { ...object.status, conditions: [{ type: "Ready", status: "Unknown" }] } }],
    ["cordoned", { spec: { unschedulable: true } }],
    ["on its way out", { metadata: { ...object.metadata, deletionTimestamp: "2026-11-21T16:00:00Z" } }],
    ["of Windows", { status: { ...object.status, nodeInfo: { operatingSystem: "windows" } } }],
    ["without an address", { status: { ...object.status, addresses: [] } }],
  ])("takes no pods when it is %s", (_, change) => {
    expect(benchNode({ ...object, ...change })).toBeUndefined();
  });
});
