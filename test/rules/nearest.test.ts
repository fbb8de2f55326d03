import { expect, it } from "vitest";
import { nearest } from "../../components/rules/nearest.ts";

it.each([
  ["architectur", ["architecture", "family"], "architecture"],
  ["ARCHITECTURE", ["family", "architecture"], "architecture"],
  ["natGatway", ["natGateway"], "natGateway"],
  ["regoin", ["region"], "region"],
  ["mni", ["min", "max"], undefined],
  ["mim", ["min", "max"], "min"],
  ["amd64", ["x86_64", "arm64"], undefined],
  ["labelss", ["labels", "taints"], "labels"],
  ["nodeZone", ["nodePools", "nodeZones"], "nodeZones"],
  ["ingress", ["network", "cluster"], undefined],
  ["", ["min"], undefined],
  ["anything", [], undefined],
])("%j, with %j known, is most likely %j", (word, known, meant) => {
  expect(nearest(word, known)).toBe(meant);
});
