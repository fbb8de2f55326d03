import { describe, expect, it } from "vitest";
import { nodesText } from "../../../../../components/checks/existing/nodes.ts";
import type { FoundNode } from "../../../../../components/checks/existing/snapshot.ts";
import { clusterLines, node, operator } from "../../../../support/existing.ts";

describe("nodes of a cluster that is there", () => {
  it.each<[string, Partial<FoundNode>, string]>([
    [
      "runs Windows",
      { operatingSystem: "windows", kernel: "10.0.20348.2700" },
      "operating system: windows; eBPF runs on every node of a cluster or on none, and needs Linux. Remove the node from the cluster.",
    ],
    [
      "has another processor",
      { architecture: "s390x" },
      "processor: s390x; Calico's eBPF programs are for amd64 and arm64. Remove the node from the cluster.",
    ],
    [
      "has an old kernel",
      { kernel: "5.4.0-42-generic" },
      "kernel: 5.4.0-42-generic; the BPF dataplane needs 5.10 or newer. Replace the node with one that has a newer kernel.",
    ],
    [
      "has a kernel of the guide of 2020, which is too old today",
      { kernel: "4.18.0-193.el8.x86_64" },
      "kernel: 4.18.0-193.el8.x86_64; the BPF dataplane needs 5.10 or newer. Replace the node with one that has a newer kernel.",
    ],
    [
      "has an unreadable kernel version",
      { kernel: "unknown" },
      "kernel: unknown is unknown; eBPF needs a known kernel version. Check it with uname -rv, and add its format to components/values/versions.ts.",
    ],
  ])("are refused when one %s", (_name, changes, rest) => {
    expect(clusterLines({ nodes: [node("a"), node("b", changes)] })).toEqual([`node b, ${rest}`]);
  });

  it("must meet the present floor when the Calico release is unknown", () => {
    const found = {
      operator: { ...operator, version: undefined },
      nodes: [node("a", { kernel: "5.4.0-42-generic" })],
    };

    expect(clusterLines(found)).toEqual([
      expect.stringMatching(/^Calico: the version is unknown/),
      expect.stringMatching(/^node a, kernel: 5\.4\.0-42-generic; the BPF dataplane needs 5\.10/),
    ]);
  });

  it("pass with RHEL's old kernel that has the new features", () => {
    expect(clusterLines({ nodes: [node("a", { kernel: "4.18.0-305.el8.x86_64" })] })).toEqual([]);
  });

  it("with one problem get one line, which names a few of them", () => {
    const nodes = Array.from({ length: 500 }, (_, index) =>
      node(`n${index}`, { kernel: "5.4.0-42-generic" }),
    );

    expect(clusterLines({ nodes })).toEqual([
      "nodes n0, n1, n2 and 497 others, kernel: 5.4.0-42-generic; the BPF dataplane needs 5.10 or newer. Replace the node with one that has a newer kernel.",
    ]);
  });

  it.each([
    [["a"], "node a"],
    [["a", "b", "c"], "nodes a, b and c"],
    [["a", "b", "c", "d"], "nodes a, b, c and 1 other"],
  ])("%j are called %s", (names, text) => {
    expect(nodesText(names)).toBe(text);
  });
});
