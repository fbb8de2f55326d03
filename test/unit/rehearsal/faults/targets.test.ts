import { describe, expect, it } from "vitest";
import { checkTargets } from "../../../rehearsal/faults/targets.ts";
import type { Fault } from "../../../simulator/world/fault.ts";

const known = [
  { type: "aws:ec2/vpc:Vpc", name: "calico-ebpf-eks-dev-network" },
  { type: "aws:iam/rolePolicy:RolePolicy", name: "calico-ebpf-eks-dev-node-felix" },
  { type: "aws:ec2/subnet:Subnet", name: "calico-ebpf-eks-dev-network-node-eu-west-1a" },
];

function fault(target: string): Fault {
  return { target, operation: "create", kind: "error", when: "once" };
}

describe("A fault's target", () => {
  it("has to be a resource of the stack; if not, the types that there are get listed", () => {
    expect(() => checkTargets([fault("Vpc"), fault("Bucket")], known)).toThrow(
      [
        "rehearse: a fault names nothing of this stack",
        "  --fault Bucket:create:error:once: no resource has the type or name Bucket. Use a type, a name, the end of one, or *.",
        "  There are resources of these types:",
        "    aws:ec2/subnet:Subnet",
        "    aws:ec2/vpc:Vpc",
        "    aws:iam/rolePolicy:RolePolicy",
      ].join("\n"),
    );
    expect(() => checkTargets([fault("Vpc"), fault("*"), fault("felix")], known)).not.toThrow();
  });

  it.each([
    ["Subnt", "Subnet?"],
    ["subnet", "Subnet?"],
    ["policy", "RolePolicy?"],
    ["felx", "felix?"],
    ["node-fel", "node-felix?"],
    ["network-node", "network-node-eu-west-1a?"],
    ["eks-dev", "eks-dev-network, eks-dev-node-felix, eks-dev-network-node-eu-west-1a?"],
  ])("%s is taken for a slip", (target, meant) => {
    expect(() => checkTargets([fault(target)], known)).toThrow(
      `  --fault ${target}:create:error:once: no resource has the type or name ${target}. Did you mean ${meant}\n`,
    );
  });

  it("is reported with all others that are wrong", () => {
    expect(() => checkTargets([fault("Bucket"), fault("Queue")], known)).toThrow(
      /^rehearse: 2 faults name nothing of this stack\n {2}--fault Bucket.*\n {2}--fault Queue/,
    );
  });
});
