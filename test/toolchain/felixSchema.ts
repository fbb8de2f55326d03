import { writeFileSync } from "node:fs";
import { parse } from "yaml";
import type { FelixSchema } from "../../components/checks/felix.ts";
import { calicoCrds } from "./calicoCrds.ts";

/** What the API server checks; the rest describes, or tells clients how to treat a value. */
const checked = [
  "type",
  "enum",
  "pattern",
  "minimum",
  "maximum",
  "maxLength",
  "items",
  "properties",
  "required",
  "additionalProperties",
  "anyOf",
];

/** The table of components/facts/felixSchema.json, made from the CRD that the operator installs. */
export async function felixSchemaOfCrd() {
  const { version, crds } = await calicoCrds();
  const crd = crds
    .map((text) => parse(text))
    .find(({ metadata }) => metadata.name === "felixconfigurations.crd.projectcalico.org");
  const [{ schema }] = crd.spec.versions;
  return {
    source: `github.com/tigera/operator ${version}, CRD felixconfigurations.crd.projectcalico.org`,
    fields: reduced(schema.openAPIV3Schema.properties.spec.properties, reducedSchema) as Readonly<
      Record<string, FelixSchema>
    >,
  };
}

function reduced(schemas: object, each: (schema: object) => unknown): object {
  return Object.fromEntries(Object.entries(schemas).map(([name, inner]) => [name, each(inner)]));
}

function reducedSchema({ allOf = [], ...own }: { allOf?: readonly object[] }): object {
  const entries = Object.entries(Object.assign({}, own, ...allOf)).filter(
    ([key, value]) => checked.includes(key) && !(key === "pattern" && value === "^.*"),
  );
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (key === "properties") return [key, reduced(value as object, reducedSchema)];
      if (key === "items" || key === "additionalProperties") return [key, reducedSchema(value as object)];
      return [key, value];
    }),
  );
}

// `node test/toolchain/felixSchema.ts`, then `npm run format`: after another operator is pinned in test/toolchain/calico.
if (import.meta.main) {
  writeFileSync(
    "components/facts/felixSchema.json",
    `${JSON.stringify(await felixSchemaOfCrd(), null, 2)}\n`,
  );
}
