import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settingsJsonSchema } from "../../../../components/settings/jsonSchema.ts";
import { nearest } from "../../../../components/values/lookUp.ts";

it.each([
  ["architectur", ["architecture", "family"], "architecture"],
  ["ARCHITECTURE", ["family", "architecture"], "architecture"],
  ["natGatway", ["natGateway"], "natGateway"],
  ["regoin", ["region"], "region"],
  ["mni", ["min", "max"], "min"],
  ["mim", ["min", "max"], "min"],
  ["amd64", ["x86_64", "arm64"], undefined],
  ["amr64", ["x86_64", "arm64"], "arm64"],
  ["labelss", ["labels", "taints"], "labels"],
  ["nodeZone", ["nodePools", "nodeZones"], "nodeZones"],
  ["ingress", ["network", "cluster"], undefined],
  ["addons", ["name", "admins", "logTypes"], undefined],
  ["amdins", ["name", "admins"], "admins"],
  ["admin", ["name", "admins"], "admins"],
  ["vpcCidr", ["podCidr"], undefined],
  ["publicAcesCidrs", ["publicAccessCidrs"], "publicAccessCidrs"],
  ["", ["min"], undefined],
  ["i", ["id"], undefined],
  ["anything", [], undefined],
])("%j, with %j known, is most likely %j", (word, known, meant) => {
  expect(nearest(word, known)).toBe(meant);
});

describe("a name of the settings", () => {
  const names = Object.values(settingsJsonSchema().properties ?? {}).flatMap(({ properties }) =>
    Object.keys(properties ?? {}).filter(({ length }) => length > 2),
  );

  it("is found with one letter wrong, one missing or two swapped", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), (name, at) => {
        const index = at % name.length;
        const slips = [
          `${name.slice(0, index)}~${name.slice(index + 1)}`,
          `${name.slice(0, index)}${name.slice(index + 1)}`,
          `${name.slice(0, index)}${name[index + 1] ?? ""}${name[index]}${name.slice(index + 2)}`,
        ];
        for (const slip of slips) expect(nearest(slip, [name])).toBe(name);
      }),
    );
  });

  it("is not found in a word of which more than a quarter differs", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), (name) => {
        const wrong = Math.floor(Math.max(4, name.length) / 4) + 1;
        expect(nearest(`${"~".repeat(wrong)}${name.slice(wrong)}`, [name])).toBeUndefined();
      }),
    );
  });
});
