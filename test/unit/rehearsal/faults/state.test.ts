import { expect, it } from "vitest";
import { adopted, pendingOf } from "../../../rehearsal/faults/state.ts";

const prefix = "urn:pulumi:dev::calico-ebpf-eks";
const chart = { urn: `${prefix}::kubernetes:helm.sh/v4:Chart::tigera-operator`, custom: false };
const vpc = { urn: `${prefix}::aws:ec2/vpc:Vpc::vpc`, custom: true, inputs: { cidrBlock: "10.0.0.0/16" } };

const deployment = {
  resources: [],
  pending_operations: [
    { resource: chart, type: "creating" },
    { resource: vpc, type: "creating" },
  ],
};

it("A pending component is distinguished from a pending resource, and has no inputs", () => {
  expect(pendingOf(deployment)).toEqual([
    { urn: chart.urn, type: "creating", custom: false, inputs: {} },
    { urn: vpc.urn, type: "creating", custom: true, inputs: { cidrBlock: "10.0.0.0/16" } },
  ]);
});

it("Only what was created is adopted, and nothing stays pending", () => {
  expect(adopted(deployment, new Map([[vpc.urn, "vpc-1"]]))).toEqual({
    resources: [{ ...vpc, id: "vpc-1", outputs: { cidrBlock: "10.0.0.0/16" } }],
  });
});
