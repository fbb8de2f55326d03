import { describe, expect, it } from "vitest";
import { nameOf } from "../../infra/commands/shared/graph.ts";
import { rehearsed } from "./rehearsed.ts";
import {
  withAwaitedOperator,
  withBpfEnabled,
  withClusterDns,
  withoutFelixPermission,
  withoutInstallation,
  withoutRule,
} from "./tampering.ts";

const nodes = ["ip-10-40-0-4.eu-west-1.compute.internal", "ip-10-40-0-5.eu-west-1.compute.internal"] as const;

describe("A rehearsal can tell", () => {
  it("a deadlock by name, when the operator is awaited", async () => {
    const { deadlocks, problems } = await rehearsed({ tampering: withAwaitedOperator });

    expect(
      deadlocks.map(({ waiting, blocked }) => [nameOf(waiting.urn), waiting.what, nameOf(blocked)]),
    ).toEqual([
      [
        "tigera-operator:tigera-operator/tigera-operator",
        "a node on which the operator's pod can run",
        "calico-ebpf-eks-dev-default",
      ],
    ]);
    expect(problems.join("\n")).toContain("'tigera-operator' timed out waiting to be Ready");
  });

  it("a node group whose nodes never become Ready, when there is no Installation", async () => {
    const { deadlocks, problems } = await rehearsed({ tampering: withoutInstallation });

    expect(problems.join("\n")).toContain("NodeCreationFailure");
    expect(problems.join("\n")).toContain(nodes[0]);
    expect(deadlocks).toEqual([]);
  });

  it("the node that cannot reach Typha, when its port is closed", async () => {
    const { problems, timedOut } = await rehearsed({ tampering: withoutRule("typha") });

    expect(timedOut.map(({ urn }) => nameOf(urn))).toEqual(["ready-gate"]);
    expect(problems.join("\n")).toContain(
      `calico-node on ${nodes[1]} is not ready: cannot connect to Typha on ${nodes[0]}: TCP 5473 is closed between the nodes`,
    );
  });

  it("every node, when Felix may not turn the source/destination check off", async () => {
    const { problems, timedOut } = await rehearsed({ tampering: withoutFelixPermission });

    expect(timedOut.map(({ urn }) => nameOf(urn))).toEqual(["ready-gate"]);
    for (const node of nodes) {
      expect(problems.join("\n")).toContain(
        `calico-node on ${node} is not ready: Failed to set source-destination-check: UnauthorizedOperation`,
      );
    }
  });

  it("the closed path between two nodes' pods, when the VXLAN rule is missing", async () => {
    const { problems } = await rehearsed({ tampering: withoutRule("vxlan") });

    expect(problems).toEqual([
      `failed: pods reach each other between every two nodes: ${nodes[0]} to ${nodes[1]}: closed, UDP 4789 (VXLAN) is not open`,
      `failed: pods reach each other between every two nodes: ${nodes[1]} to ${nodes[0]}: closed, UDP 4789 (VXLAN) is not open`,
    ]);
  });

  it("an operator that asks CoreDNS, which waits for Calico", async () => {
    const { problems } = await rehearsed({ tampering: withClusterDns });

    expect(problems.join("\n")).toContain("NodeCreationFailure");
  });

  it("a FelixConfiguration that switches eBPF on by hand, which stops the operator without a word", async () => {
    const { problems } = await rehearsed({ tampering: withBpfEnabled });

    expect(problems.join("\n")).toContain("NodeCreationFailure");
  });
});
