import { expect, it } from "vitest";
import { broken, converges, leavesNothing } from "../../faults/convergence.ts";
import type { Kind } from "../../faults/fault.ts";
import { replaceFailedNodeGroups } from "../../faults/recovery.ts";
import { typeOf } from "../../faults/state.ts";
import { devConfig, devLife, devSettings, everywhere, hit, untilSuccess } from "./devStack.ts";

/** Changes of the stack file that together touch what an update can touch, with what becomes of every update. */
const changes: readonly (readonly [Kind, Readonly<Record<string, unknown>>])[] = [
  ["error", { "calico-ebpf-eks:tags": { team: "one" } }],
  [
    "lost",
    { "calico-ebpf-eks:tags": { team: "two" }, "calico-ebpf-eks:calico": { externalService: "Tunnel" } },
  ],
  ["stall", { "calico-ebpf-eks:calico": { externalService: "DSR" } }],
];

it("The dev stack converges after the update of every resource failed, got lost and hung", async () => {
  const life = await devLife();
  await life.engine.up();
  for (const [kind, change] of changes) {
    await life.engine.configure(devConfig(change));
    life.injector.clear();
    life.injector.add(everywhere("update", kind));
    expect(await untilSuccess(() => life.engine.up())).toBeGreaterThan(0);
    await replaceFailedNodeGroups(life);
    expect(broken(await converges({ ...life, settings: devSettings(change) }))).toEqual([]);
  }
  const types = [...hit(life, "update")].map(typeOf);
  expect(types.length).toBeGreaterThan(30);
  expect(types).toEqual(
    expect.arrayContaining([
      "aws:ec2/vpc:Vpc",
      "aws:eks/cluster:Cluster",
      "aws:eks/nodeGroup:NodeGroup",
      "aws:eks/addon:Addon",
      "kubernetes:crd.projectcalico.org/v1:FelixConfiguration",
      "kubernetes:operator.tigera.io/v1:InstallationPatch",
    ]),
  );
  expect(broken(await leavesNothing(life))).toEqual([]);
});
