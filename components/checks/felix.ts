import { type FelixField, felixFields } from "../facts/felixFields.ts";
import felixSchema from "../facts/felixSchema.json" with { type: "json" };
import { nameFix, quoted, requirement, shown, typeName } from "../settings/formProblems.ts";
import type { JsonSchema } from "../settings/jsonSchema.ts";
import { type Path, pathText } from "../settings/paths.ts";
import type { Settings } from "../settings/settings.ts";
import { lookUp, nearest } from "../values/lookUp.ts";
import { alternatives, listed, type Problem } from "../values/problem.ts";

const schemas: Readonly<Record<string, FelixSchema>> = felixSchema.fields;

/** Names in a normal form: Felix's documentation, environment and configuration file spell them differently. */
const spellings: ReadonlyMap<string, string> = new Map(
  [...Object.keys(schemas), ...Object.keys(felixFields)].map((name) => [oneSpelling(name), name]),
);

/** Problems with fields that FelixConfiguration does not have, with invalid values, and with fields that something else owns. */
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

/** A misspelt name of an owned field is refused as that field: once corrected, it would be refused anyway. */
function ownedField(name: string, known: string): Problem | undefined {
  const owned = lookUp<FelixField>(felixFields, known);
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
    found: "unknown field",
    needs: `FelixConfiguration has ${Object.keys(schemas).length}, listed in components/facts/felixSchema.json`,
    fix: nameFix(meant),
  };
}

/** The schema of a value (facts/felixSchema.json). */
export type FelixSchema = JsonSchema;

/** The problems that the API server would report for a value of FelixConfiguration, at the path of the setting. */
function felixValueProblems(at: Path, schema: FelixSchema, value: unknown): Problem[] {
  if (value === undefined || value === null) {
    return [problem(at, "not set", needs(schema), "Set it, or remove it")];
  }
  if (!isOfType(schema, value)) return [wrongType(at, schema, value)];
  if (Array.isArray(value)) {
    return value.flatMap((entry, index) => felixValueProblems([...at, index], schema.items ?? {}, entry));
  }
  if (typeof value === "object") return entryProblems(at, schema, value);
  return typeof value === "string" ? textProblems(at, schema, value) : numberProblems(at, schema, value);
}

/** Values of an enum; undefined: not an enum. The API server may ignore their case. */
export function choicesOf({ enum: words, pattern }: FelixSchema): readonly string[] | undefined {
  if (words !== undefined) return words.map(String);
  const [, group] = /^\^\(\?i\)\(([A-Za-z|]+)\)\?\$$/.exec(pattern ?? "") ?? [];
  return group?.split("|");
}

function isOfType({ type, anyOf }: FelixSchema, value: unknown): boolean {
  if (anyOf !== undefined) return anyOf.some((one) => isOfType(one, value));
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}

function wrongType(at: Path, schema: FelixSchema, value: unknown): Problem {
  const found = typeof value === "string" ? quoted(value) : shown(value);
  return problem(at, `${found} is ${typeName(value)}`, needs(schema), otherType(schema, value));
}

function otherType(schema: FelixSchema, value: unknown): string {
  // YAML 1.1 reads the words Off and On as booleans.
  if (typeof value === "boolean" && schema.type === "string") {
    const words = value ? ["On", "Enabled"] : ["Off", "Disabled"];
    const meant = choicesOf(schema)?.find((choice) => words.includes(choice));
    return meant === undefined ? "Put it in quotes" : `Write "${meant}", in quotes`;
  }
  if (schema.type === "array" && typeof value !== "object") return `Write it as a list: [${shown(value)}]`;
  if (schema.type === "string" && typeof value === "number") return "Put it in quotes";
  return typeof value === "string" && isOfType(schema, literal(value)) ? "Remove the quotes" : "Change it";
}

function literal(text: string): unknown {
  if (/^(true|false)$/.test(text)) return text === "true";
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

function textProblems(at: Path, schema: FelixSchema, value: string): Problem[] {
  const { enum: words, pattern, maxLength = Number.POSITIVE_INFINITY } = schema;
  if (words !== undefined ? words.includes(value) : matches(pattern, value)) {
    if (value.length <= maxLength) return [];
    return [
      problem(at, `it has ${value.length} characters`, `at most ${maxLength} are allowed`, "Shorten it"),
    ];
  }
  const choices = choicesOf(schema) ?? [];
  const meant = nearest(value.trim(), choices);
  const fix = choices.length === 0 ? "Change it" : `Write ${meant ?? "one of them"}`;
  return [problem(at, shown(value), needs(schema), fix)];
}

/** Go writes (?i) where JavaScript has a flag. */
function matches(pattern: string | undefined, value: string): boolean {
  if (pattern === undefined) return true;
  return new RegExp(pattern.replace("(?i)", ""), pattern.includes("(?i)") ? "i" : "").test(value);
}

function numberProblems(at: Path, schema: FelixSchema, value: unknown): Problem[] {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (typeof value !== "number" || (value >= minimum && value <= maximum)) return [];
  return [problem(at, String(value), needs(schema), "Change it")];
}

function entryProblems(at: Path, schema: FelixSchema, value: object): Problem[] {
  const { properties, required = [], additionalProperties } = schema;
  const missing = required.filter((name) => !(name in value));
  return [
    ...missing.map((name) => problem([...at, name], "not set", needs(properties?.[name] ?? {}), "Set it")),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const others = typeof additionalProperties === "object" ? additionalProperties : undefined;
      const known = lookUp(properties ?? {}, name) ?? others;
      if (known !== undefined) return felixValueProblems([...at, name], known, inner);
      return [unknownEntry([...at, name], name, Object.keys(properties ?? {}))];
    }),
  ];
}

function unknownEntry(at: Path, name: string, names: readonly string[]): Problem {
  const has = `${pathText(at.slice(0, -1))} has ${listed(names)}`;
  return problem(at, "unknown field", has, nameFix(nearest(name, names)));
}

function needs(schema: FelixSchema): string {
  return `must be ${requirement(schema, textMeaning)}`;
}

function textMeaning(schema: FelixSchema): string {
  const choices = choicesOf(schema);
  if (choices !== undefined) return alternatives(choices);
  return schema.pattern === undefined ? "a string" : patternMeaning(schema.pattern);
}

function patternMeaning(pattern: string): string {
  if (pattern.includes("|Auto)$")) return "a duration such as 90s, 10m or 1h, or Auto";
  if (pattern.includes("(ms|s|m|h)")) return "a duration such as 90s, 10m or 1h";
  return `a string that matches ${pattern}`;
}

function problem(at: Path, found: string, needed: string, fix: string): Problem {
  return { path: pathText(at), found, needs: needed, fix };
}
