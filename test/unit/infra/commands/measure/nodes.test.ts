import { describe, expect, it } from "vitest";
import { chooseNodes } from "../../../../../infra/commands/measure/bench.ts";
import type { LiveNode } from "../../../../../infra/commands/verify/reading/objects.ts";

function node(name: string, change: Partial<LiveNode> = {}): LiveNode {
  return {
    name,
    internalIp: `10.0.0.${name.charCodeAt(0)}`,
    operatingSystem: "linux",
    kernel: "6.12.40",
    ready: true,
    instanceId: undefined,
    region: undefined,
    ...change,
  };
}

const names = (...nodes: readonly LiveNode[]) => Object.values(chooseNodes(nodes)).map((one) => one?.name);

describe("the nodes that take part", () => {
  it("are of one kernel where there are enough", () => {
    const old = { kernel: "5.10.1" };

    expect(names(node("a", old), node("b", old), node("c"), node("d"), node("e"))).toEqual(["c", "d", "e"]);
  });

  it("are filled up with others, and may be two", () => {
    expect(names(node("a", { kernel: "5.10.1" }), node("b"), node("c"))).toEqual(["b", "c", "a"]);
    expect(names(node("a"), node("b"))).toEqual(["a", "b", undefined]);
  });

  it.each([
    ["not Ready", { ready: false }],
    ["of Windows", { operatingSystem: "windows" }],
    ["without an address", { internalIp: undefined }],
  ])("are none that is %s", (_, change) => {
    expect(() => chooseNodes([node("a"), node("b", change)])).toThrow(
      "measure: needs two Ready Linux nodes, found 1. Add one to a pool (nodePools.<name>.size.desired).",
    );
  });
});
