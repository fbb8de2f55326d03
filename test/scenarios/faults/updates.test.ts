import { expect, it } from "vitest";
import { broken } from "../../rehearsal/checks.ts";
import { converges, leavesNothing } from "../../rehearsal/faults/convergence.ts";
import { replaceFailedNodeGroups } from "../../rehearsal/faults/recovery.ts";
import { typeOf } from "../../rehearsal/faults/state.ts";
import type { Kind } from "../../simulator/world/fault.ts";
import { devConfig, devLife, devSettings, everywhere, hit, ownResources, untilSuccess } from "./devStack.ts";

/** Changes of the stack file that together touch what an update can touch, with what becomes of every update. */
const changes: readonly (readonly [Kind, Readonly<Record<string, unknown>>])[] = [
  ["error", { "calico-ebpf-eks:tags": { team: "one" } }],
  [
    "lost",
    { "calico-ebpf-eks:tags": { team: "two" }, "calico-ebpf-eks:calico": { externalService: "Tunnel" } },
  ],
  ["stall", { "calico-ebpf-eks:calico": { externalService: "DSR" } }],
];

/** Types with an object that none of the changes updates: they leave it as it is. */
const notUpdated: readonly string[] = [
  "aws:ec2/route:Route",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
  "kubernetes:apps/v1:Deployment",
  "kubernetes:apps/v1:DeploymentPatch",
  "kubernetes:core/v1:ConfigMap",
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:ServiceAccount",
  "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch",
  "kubernetes:operator.tigera.io/v1:APIServer",
  "kubernetes:operator.tigera.io/v1:Installation",
  "kubernetes:operator.tigera.io/v1:TigeraStatusPatch",
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
  const { custom } = await ownResources(life);
  const updated = hit(life, "update");
  const never = new Set([...custom].filter((urn) => !updated.has(urn)).map(typeOf));
  expect([...never].toSorted()).toEqual(notUpdated);
  expect(broken(await leavesNothing(life))).toEqual([]);
});
