import { expect, it } from "vitest";
import { leftovers } from "../rehearsal/checks.ts";
import type { Kubernetes } from "../simulator/kubernetes/kubernetes.ts";
import { asBefore, type Missing } from "./formerState.ts";
import { failureOf, livingStack, searchForDrift, stepsOf } from "./livingStack.ts";
import { smallCluster } from "./rehearsed.ts";
import { inTheOldOrder } from "./tampering.ts";

const names = [
  "apiservers.operator.tigera.io",
  "felixconfigurations.crd.projectcalico.org",
  "installations.operator.tigera.io",
];
const imports = names.map((name) => `import ${name}`);
const keyOfCrd = (name: string) => `apiextensions.k8s.io/v1/CustomResourceDefinition//${name}`;
const schemas = ({ api }: Kubernetes) =>
  JSON.stringify(
    names.map((name) => [api.get(keyOfCrd(name)), api.owners(keyOfCrd(name), "spec", "versions")]),
  );

const states: readonly (readonly [string, Missing, readonly string[]])[] = [
  ["that is up", {}, []],
  ["whose first update wrote no outputs", { outputs: true }, []],
  [
    "that has no more than the operator, and no outputs",
    {
      outputs: true,
      operatorRan: true,
      names: [
        ...["felix-configuration", "dataplane-gate", "installation", "api-server", "ready-gate", "coredns"],
        ...["apiserver", "ippools", "tiers"],
      ],
    },
    [
      "operator.tigera.io/v1/Installation//default",
      "operator.tigera.io/v1/APIServer//default",
      // Last: for an Installation, the operator makes another one at once.
      "crd.projectcalico.org/v1/FelixConfiguration//default",
    ],
  ],
];

it.each(states)(
  "a stack of before %s takes the operator's definitions over as they are",
  async (_name, missing, gone) => {
    const { engine, world } = await livingStack({ config: smallCluster });
    await engine.up();
    await engine.replaceDeployment(asBefore(await engine.deployment(), missing));
    for (const key of gone) {
      world.kubernetes.api.merge(key, { metadata: { finalizers: [] } }, "test");
      world.kubernetes.api.delete(key);
    }
    // CoreDNS goes with what it came from.
    if (gone.length > 0) {
      for (const { id, urn, type } of world.aws.ofType("aws:eks/addon:Addon")) {
        await world.aws.delete({ urn, type, name: "coredns" }, id);
      }
    }
    const before = schemas(world.kubernetes);

    const planned = await stepsOf((onEvent) => engine.preview(onEvent));
    expect(planned).toEqual(expect.arrayContaining(imports));
    expect(planned.filter((step) => /replace|delete/.test(step))).toEqual([]);
    await engine.up();

    expect(schemas(world.kubernetes)).toBe(before);
    expect(before).toContain('["operator"]');
    expect(await stepsOf((onEvent) => engine.preview(onEvent))).toEqual([]);
    expect(await searchForDrift(engine)).toContain("unchanged");
    await engine.refresh();
    expect(await stepsOf((onEvent) => engine.preview(onEvent))).toEqual([]);
    await engine.destroy();
    expect(leftovers(world)).toEqual([]);
  },
);

it.each([false, true])(
  "a stack of before whose node groups took all slots comes up, its definitions made; its outputs are missing: %s",
  async (outputs) => {
    let old = true;
    const { engine, world } = await livingStack({
      config: {
        ...smallCluster,
        "calico-ebpf-eks:nodePools": Object.fromEntries(
          ["a", "b"].map((name) => [name, { size: { min: 1, desired: 1, max: 1 } }]),
        ),
      },
      parallel: 2,
      tampering: () => (old ? inTheOldOrder() : undefined),
    });
    expect(await failureOf(engine.up())).toMatch(/NodeCreationFailure|timed out/);
    await engine.replaceDeployment(asBefore(await engine.deployment(), { outputs }));
    const { api } = world.kubernetes;
    for (const name of names) {
      if (!api.owners(keyOfCrd(name), "spec", "versions").includes("operator")) api.delete(keyOfCrd(name));
    }
    old = false;
    const groups = world.aws.ofType("aws:eks/nodeGroup:NodeGroup");
    await engine.up(
      undefined,
      groups.map(({ urn }) => urn),
    );

    expect(schemas(world.kubernetes)).toContain('["operator"]');
    expect(world.kubernetes.reports().map(({ ready }) => ready)).toEqual([true, true]);
    expect(await stepsOf((onEvent) => engine.preview(onEvent))).toEqual([]);
  },
);

it("a new stack makes its definitions, which the operator replaces: no drift, and previews are clean after a refresh", async () => {
  const { engine, world } = await livingStack({ config: smallCluster });
  const created = await stepsOf((onEvent) => engine.up(onEvent));

  expect(created).toEqual(expect.arrayContaining(names.map((name) => `create ${name}`)));
  expect(schemas(world.kubernetes)).toContain('["operator"]');
  for (let time = 0; time < 2; time += 1) expect(await searchForDrift(engine)).toContain("unchanged");
  await engine.refresh();
  expect(await stepsOf((onEvent) => engine.preview(onEvent))).toEqual([]);
  await engine.up();
  expect(schemas(world.kubernetes)).toContain('["operator"]');
});
