import { describe, expect, it } from "vitest";
import { CalicoCrds } from "../../../components/calico.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find, namesOf, topLevel } from "../../support/graph.ts";
import { labels } from "../../support/outputs.ts";

const crdType = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const names = [
  "apiservers.operator.tigera.io",
  "felixconfigurations.crd.projectcalico.org",
  "installations.operator.tigera.io",
];

const crds = (ofOperator: readonly string[] = []) =>
  record(() => new CalicoCrds("calico-crds", { calicoVersion: "3.32.4", ofOperator }));

const { resources, result } = await crds();

describe("CalicoCrds", () => {
  it("registers the kinds of what is there before the operator, after nothing", async () => {
    expect(namesOf(resources, crdType)).toEqual(names);
    expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:CalicoCrds calico-crds"]);
    for (const name of names) expect(dependenciesOf(resources, find(resources, crdType, name))).toEqual([]);
    expect((await labels(result.definitions)).toSorted()).toEqual(names.map((name) => `${crdType} ${name}`));
  });

  it("leaves the schema open, with a status subresource", () => {
    expect(find(resources, crdType, "felixconfigurations.crd.projectcalico.org").inputs).toMatchObject({
      metadata: { name: "felixconfigurations.crd.projectcalico.org" },
      spec: {
        group: "crd.projectcalico.org",
        scope: "Cluster",
        names: {
          kind: "FelixConfiguration",
          listKind: "FelixConfigurationList",
          plural: "felixconfigurations",
          singular: "felixconfiguration",
        },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object", x_kubernetes_preserve_unknown_fields: true } },
            subresources: { status: {} },
          },
        ],
      },
    });
  });

  it("leaves the definitions to the operator from then on, and never deletes one", () => {
    for (const name of names) {
      const crd = find(resources, crdType, name);
      expect(crd.ignoreChanges).toEqual(["spec", "metadata.annotations", "metadata.labels"]);
      expect(crd.retainOnDelete).toBe(true);
      expect(crd.importId).toBe("");
    }
  });

  it("imports those that the operator has made, and creates the others", async () => {
    const { resources: some } = await crds(["installations.operator.tigera.io"]);

    expect(names.map((name) => find(some, crdType, name).importId)).toEqual([
      "",
      "",
      "installations.operator.tigera.io",
    ]);
  });
});
