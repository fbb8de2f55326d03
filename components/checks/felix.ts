import { felixFields } from "../facts/felixFields.ts";
import felixSchema from "../facts/felixSchema.json" with { type: "json" };
import { pathText } from "../settings/paths.ts";
import type { Settings } from "../settings/settings.ts";
import { lookUp } from "../values/lookUp.ts";
import { nearest } from "../values/nearest.ts";
import type { Problem } from "../values/problem.ts";
import { type FelixSchema, felixValueProblems } from "./felixValues.ts";

const schemas: Readonly<Record<string, FelixSchema>> = felixSchema.fields;

/** Names in one spelling: Felix's documentation, its environment and its configuration file write them differently. */
const spellings: ReadonlyMap<string, string> = new Map(
  [...Object.keys(schemas), ...Object.keys(felixFields)].map((name) => [oneSpelling(name), name]),
);

/** Fields of FelixConfiguration that it does not have, that have another value, or that belong to something else. */
export function felixProblems({ calico }: Settings): Problem[] {
  return Object.entries(calico.felix).flatMap(([name, value]) => {
    const known = spellings.get(oneSpelling(name)) ?? nearest(name, [...spellings.values()]);
    const owned = known === undefined ? undefined : ownedField(name, known);
    if (owned !== undefined) return [owned];
    const schema = lookUp(schemas, name);
    return schema === undefined
      ? [unknownField(name, known)]
      : felixValueProblems(["calico", "felix", name], schema, value);
  });
}

function oneSpelling(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replace(/^felix/, "");
}

/** A name that is not quite the owned one's is refused as if it were: corrected, it would be refused next. */
function ownedField(name: string, known: string): Problem | undefined {
  const owned = lookUp(felixFields, known);
  if (owned === undefined) return undefined;
  const owner = owned.owner === "operator" ? "the operator" : "this program";
  return {
    path: pathText(["calico", "felix", name]),
    found: `${owner} owns ${name === known ? "the field" : `${known}, which this resembles`}`,
    needs: `it ${owned.reason}`,
    fix: owned.instead,
  };
}

function unknownField(name: string, meant: string | undefined): Problem {
  return {
    path: pathText(["calico", "felix", name]),
    found: "there is no such field",
    needs: `FelixConfiguration has ${Object.keys(schemas).length}, listed in components/facts/felixSchema.json`,
    fix: meant === undefined ? "Correct its name, or remove it" : `Write ${meant}, or remove it`,
  };
}
