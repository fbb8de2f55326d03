import { describe, expect, it } from "vitest";
import { UserError } from "../../../infra/commands/shared/errors.ts";
import type { StackFile } from "../../../infra/commands/shared/stackFile.ts";
import { stackSettings } from "../../../infra/commands/shared/stackSettings.ts";
import { grownStackFile } from "../../rehearsal/grownStackFile.ts";

const cluster = { publicAccessCidrs: ["198.18.0.0/15"] };

function stackFile(ours: Record<string, unknown> = {}): StackFile {
  const settings = Object.entries({ cluster, ...ours }).map(([key, value]) => [
    `calico-ebpf-eks:${key}`,
    value,
  ]);
  return {
    name: "dev",
    file: "a.yaml",
    config: { "aws:region": "eu-west-1", ...Object.fromEntries(settings) },
  };
}

const grown = (ours: Record<string, unknown>, nodes: number) =>
  stackSettings(grownStackFile(stackFile(ours), nodes));

describe("A stack with a given number of nodes", () => {
  it("is as the file says, when no number is given", () => {
    const file = stackFile();

    expect(grownStackFile(file, undefined)).toBe(file);
  });

  it("spreads them over its pools, which keep everything else", () => {
    const { nodePools } = grown(
      {
        nodePools: {
          a: { size: { min: 1, desired: 1, max: 9 }, diskGib: 50 },
          b: { size: { min: 5, desired: 6, max: 6 } },
          c: {},
        },
      },
      11,
    );

    expect(Object.values(nodePools).map(({ size }) => size)).toEqual([
      { min: 1, desired: 4, max: 9 },
      { min: 4, desired: 4, max: 6 },
      { min: 2, desired: 3, max: 4 },
    ]);
    expect(nodePools["a"]?.diskGib).toBe(50);
  });

  it("has the default pool where the file has none", () => {
    expect(grown({}, 3).nodePools["default"]?.size).toEqual({ min: 2, desired: 3, max: 4 });
  });

  it.each([
    { nodes: 100, nodePrefix: 20, podCidr: "192.168.0.0/16" },
    { nodes: 1000, nodePrefix: 20, podCidr: "10.128.0.0/14" },
    { nodes: 2000, pools: 2, nodePrefix: 20, podCidr: "10.128.0.0/12" },
  ])("has room for $nodes nodes, where the file leaves it open", ({ nodes, pools = 1, ...room }) => {
    const names = Array.from({ length: pools }, (_, index) => [`pool-${index}`, {}]);
    const { network, calico } = grown({ nodePools: Object.fromEntries(names) }, nodes);

    expect({ nodePrefix: network.nodePrefix, podCidr: calico.podCidr }).toEqual(room);
  });

  it("widens only its node subnets where pods have addresses of them", () => {
    const { network, calico } = grown({ calico: { cni: "AmazonVPC" } }, 150);

    expect(network.nodePrefix).toBe(17);
    expect(calico.cni).toBe("AmazonVPC");
  });

  it("widens its node subnets, too", () => {
    const pools = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, {}]));
    const { network } = grown({ nodePools: pools, calico: { podCidr: "10.128.0.0/12" } }, 4000);

    expect(network.nodePrefix).toBe(19);
  });

  it("keeps what the file says, and is refused when there is no room in it", () => {
    const tight = { network: { nodePrefix: 24 }, calico: { podCidr: "192.168.0.0/16" } };

    expect(() => grown(tight, 1000)).toThrow(
      new UserError(
        [
          "calico-ebpf-eks: 2 problems in a.yaml with --nodes 1000",
          "  network.nodePrefix: 1 node subnet (/24) can hold 251 nodes; the pools may have 1334 during updates: max, plus one in 3. Set nodePrefix: 21, or lower the pools' max.",
          "  calico.podCidr: 192.168.0.0/16 has 1024 blocks of /26; every node takes one, and the pools may have 1334 nodes during updates. Choose podCidr: 172.24.0.0/14 or a smaller max for the pools.",
        ].join("\n"),
      ),
    );
  });

  it("is refused where a pool would become too large", () => {
    expect(() => grown({}, 1001)).toThrow("nodePools.default.size.desired: ");
  });
});
