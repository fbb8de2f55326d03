import { expect, it } from "vitest";
import committed from "../../components/facts/felixSchema.json" with { type: "json" };
import { felixSchemaOfCrd } from "../toolchain/felixSchema.ts";

it("the table of FelixConfiguration's fields is what the CRD of the pinned operator says", async () => {
  expect(committed, "stale: run node test/toolchain/felixSchema.ts").toEqual(await felixSchemaOfCrd());
});
