import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../../../components/settings/schema.ts";
import { outputNames, packageSchema } from "../../../../infra/plugin/packageSchema.ts";

const schema = packageSchema("1.2.3");
const component = schema.resources["calico-ebpf-eks:index:EbpfCluster"];
const type = (name: string) => schema.types[`calico-ebpf-eks:index:${name}`];

/** Every value of a key, at any depth. */
function valuesOf(value: unknown, key: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...valuesOf(inner, key),
  ]);
}

describe("the schema of the Pulumi package", () => {
  it("takes the settings of a stack file, a region and a profile", () => {
    expect(Object.keys(component.inputProperties)).toEqual([
      "region",
      "profile",
      ...Object.keys(settingsSchema.shape),
    ]);
    expect(component.requiredInputs).toEqual(["region", "cluster"]);
  });

  it("has every mapping as a type, with what it requires and what the settings say of it", () => {
    expect(type("NodePoolsValueSize")?.properties["desired"]).toMatchObject({ type: "integer", plain: true });
    expect(type("Network")?.properties["nodeZones"]).toMatchObject({
      type: "array",
      items: { type: "string", plain: true },
      description: expect.stringMatching(/^Zones for nodes/),
    });
    expect(type("NetworkExisting")?.required).toEqual(["vpcId", "controlPlaneSubnetIds", "nodeSubnetIds"]);
  });

  it("takes where pods get their addresses from, and says what that changes", () => {
    expect(type("Calico")?.properties["cni"]).toEqual({
      type: "string",
      plain: true,
      description: expect.stringMatching(
        /^Where pods get their addresses: Calico, .*; AmazonVPC, .* Cannot change later\./,
      ),
    });
  });

  it("takes a number or a word, a number or nothing, and anything, where the settings do", () => {
    expect(type("Calico")?.properties["mtu"]?.oneOf).toHaveLength(2);
    expect(type("Calico")?.properties["metricsPort"]).toMatchObject({ type: "integer" });
    expect(type("Calico")?.properties["felix"]).toMatchObject({
      type: "object",
      additionalProperties: { $ref: "pulumi.json#/Any", plain: true },
    });
  });

  it("refers only to types that it has", () => {
    const names = valuesOf(schema, "$ref").filter((ref) => ref !== "pulumi.json#/Any");

    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((ref) => schema.types[String(ref).replace("#/types/", "")] === undefined)).toEqual(
      [],
    );
  });

  it("asks for plain values only", () => {
    expect(Object.values(component.inputProperties).filter(({ plain }) => plain !== true)).toEqual([]);
  });

  it("gives the outputs of a stack, the kubeconfig as a secret", () => {
    expect(Object.keys(component.properties)).toEqual(outputNames);
    expect(component.properties.kubeconfig).toEqual({ type: "string", secret: true });
  });
});
