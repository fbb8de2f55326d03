import { expect, it } from "vitest";
import { driftOf, driftText } from "../../../../../infra/commands/verify/checks/drift.ts";

const wanted = { mtu: 8951, calicoNetwork: { bgp: "Disabled", ipPools: [{ cidr: "192.168.0.0/16" }] } };

it("finds nothing where all that is wanted is there, whatever else is", () => {
  expect(
    driftOf(wanted, { ...wanted, more: true, calicoNetwork: { ...wanted.calicoNetwork, hostPorts: 1 } }),
  ).toEqual([]);
});

it("names the deepest field that differs, and lists as a whole", () => {
  const found = { calicoNetwork: { bgp: "Enabled", ipPools: [] } };

  expect(driftOf(wanted, found).map(driftText)).toEqual([
    "spec.mtu is not set, the stack says 8951",
    'spec.calicoNetwork.bgp is "Enabled", the stack says "Disabled"',
    'spec.calicoNetwork.ipPools is [], the stack says [{"cidr":"192.168.0.0/16"}]',
  ]);
});
