import { describe, expect, it } from "vitest";
import { type Fault, faultText, matches, readFaults } from "../../../simulator/world/fault.ts";

const vpc = { type: "aws:ec2/vpc:Vpc", name: "calico-ebpf-eks-dev-network" };
const policy = { type: "aws:iam/rolePolicy:RolePolicy", name: "calico-ebpf-eks-dev-node-felix" };

describe("A fault", () => {
  it.each<[string, Fault]>([
    ["Vpc:create:error", { target: "Vpc", operation: "create", kind: "error", when: "once" }],
    ["felix:update:stall:always", { target: "felix", operation: "update", kind: "stall", when: "always" }],
    ["*:delete:lost:3", { target: "*", operation: "delete", kind: "lost", when: 3 }],
    [
      "aws:ec2/vpc:Vpc:read:stall",
      { target: "aws:ec2/vpc:Vpc", operation: "read", kind: "stall", when: "once" },
    ],
    [
      "aws:ec2/vpc:Vpc:create:error:once",
      { target: "aws:ec2/vpc:Vpc", operation: "create", kind: "error", when: "once" },
    ],
  ])("is read from %s", (text, fault) => {
    expect(readFaults([text])).toEqual({ faults: [fault], problems: [] });
    expect(readFaults([faultText(fault)])).toEqual({ faults: [fault], problems: [] });
  });

  it.each([
    [
      "Vpc:make:error",
      ['--fault Vpc:make:error: invalid operation "make". Use create, update, delete or read.'],
    ],
    ["Vpc:create:explode", ['--fault Vpc:create:explode: invalid kind "explode". Use error, lost or stall.']],
    [
      "Vpc:create:error:sometimes",
      [
        '--fault Vpc:create:error:sometimes: invalid time "sometimes". Use once, always or a positive integer.',
      ],
    ],
    [
      "Vpc:create:error:0",
      ['--fault Vpc:create:error:0: invalid time "0". Use once, always or a positive integer.'],
    ],
    [
      ":create:error",
      ["--fault :create:error: names no resource. Write TARGET:OPERATION:KIND, such as Vpc:create:error."],
    ],
  ])("is refused for what is wrong with %s", (text, problems) => {
    expect(readFaults([text])).toEqual({ faults: expect.any(Array), problems });
  });

  it("has all its problems named at once", () => {
    expect(readFaults(["", "Vpc:make:explode"]).problems).toHaveLength(5);
  });

  it.each([
    ["Vpc", vpc, true],
    ["aws:ec2/vpc:Vpc", vpc, true],
    ["network", vpc, true],
    ["calico-ebpf-eks-dev-network", vpc, true],
    ["*", vpc, true],
    ["felix", policy, true],
    ["pc", vpc, false],
    ["work", vpc, false],
    ["Vpc", policy, false],
    ["", vpc, false],
  ])("of target %j and resource %o hits it: %s", (target, resource, hits) => {
    expect(matches(target, resource)).toBe(hits);
  });
});
