import type { z } from "zod";
import { lookUp, nearest } from "../values/lookUp.ts";
import { alternatives, listed, type Problem } from "../values/problem.ts";
import { type JsonSchema, schemaAt, settingsJsonSchema } from "./jsonSchema.ts";
import { type Path, pathText, valueAt } from "./paths.ts";

type Issue = z.core.$ZodIssue;

/** A problem of form. */
export interface FormProblem extends Problem {
  /** Where the value is. */
  readonly at: Path;
  /** What is wrong: a value, or its name, possibly a misspelling of another one. */
  readonly kind: { readonly of: "value" } | { readonly of: "name"; readonly meant: string | undefined };
}

/** What an issue is about. */
interface Place {
  readonly at: Path;
  /** As written; undefined: nothing. */
  readonly value: unknown;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

/** Turns schema issues into problems, in the words of a stack file. */
export function formProblems(
  issues: readonly Issue[],
  written: unknown,
  jsonSchema: () => JsonSchema = settingsJsonSchema,
): FormProblem[] {
  if (issues.length === 0) return [];
  const schema = jsonSchema();
  const problems = issues.flatMap((issue) => ofIssue(issue, placeOf(issue.path, written, schema)));
  return problems.filter((problem) => !isMisspelt(problem, problems, written));
}

function placeOf(at: Path, written: unknown, schema: JsonSchema): Place {
  const { required = [] } = schemaAt(schema, at.slice(0, -1));
  return {
    at,
    value: valueAt(written, at),
    schema: schemaAt(schema, at),
    isRequired: required.some((name) => name === at.at(-1)),
  };
}

function ofIssue(issue: Issue, place: Place): FormProblem[] {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownName(key, place));
    case "invalid_key":
      return [unfitName(issue, place)];
    case "too_small":
    case "too_big":
      return [wrongLength(issue, place)];
    default:
      return [place.value === undefined || place.value === null ? missing(place) : wrongValue(issue, place)];
  }
}

function wrongValue(issue: Issue, place: Place): FormProblem {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(place);
    case "custom": {
      const { needs, fix } = issue.params ?? {};
      return problem(place, shown(place.value), String(needs), String(fix));
    }
    default:
      return wrongChoice(place);
  }
}

/** Settings of older releases, and their present names. */
const renamed: Readonly<Record<string, string>> = { policies: "networkPolicies" };

/** Names by which other tools give nodes a key pair. */
const keyPairNames =
  /^(ec2)?(key(Name|Pair|PairName)?|ssh(Key|KeyName|PublicKey|PublicKeyName|Access)?|remoteAccess)$/i;

/** A setting that there will not be, with the reason; undefined: any other unknown one. */
function neverSetting(key: string, { at }: Place): FormProblem | undefined {
  if (at[0] !== "nodePools" || at.length !== 2 || !keyPairNames.test(key)) return undefined;
  return {
    at: [...at, key],
    path: pathText([...at, key]),
    kind: { of: "name", meant: undefined },
    found: "nodes get no key pair",
    needs: "a key that opens every node cannot be taken back from a person, and SSH needs an open port",
    fix: "Remove it, and open a session with aws ssm start-session, which IAM allows and CloudTrail records",
  };
}

function unknownName(key: string, place: Place): FormProblem {
  const { at, value, schema } = place;
  const path = pathText([...at, key]);
  const never = neverSetting(key, place);
  if (never !== undefined) return never;
  const now = lookUp(renamed, path);
  if (now !== undefined) {
    return {
      at: [...at, key],
      path,
      kind: { of: "name", meant: now },
      found: "the setting was renamed",
      needs: `its name is ${now}`,
      fix: `Write ${now}`,
    };
  }
  const names = Object.keys(schema.properties ?? {});
  const free = names.filter((name) => valueAt(value, [name]) === undefined);
  const meant = nearest(key, free);
  return {
    at: [...at, key],
    path,
    kind: { of: "name", meant },
    found: "unknown setting",
    needs: `${at.length === 0 ? "the settings are" : `${pathText(at)} has`} ${listed(names)}`,
    fix: nameFix(meant),
  };
}

/** What to do about an unknown name, and the one that it resembles. */
export function nameFix(meant: string | undefined): string {
  return meant === undefined ? "Correct its name, or remove it" : `Write ${meant}, or remove it`;
}

function unfitName(issue: Issue & { code: "invalid_key" }, { at }: Place): FormProblem {
  const [inner] = issue.issues;
  const { needs, fix } = (inner?.code === "custom" && inner.params) || {};
  return {
    at,
    path: pathText(at),
    kind: { of: "name", meant: undefined },
    found: `${shown(at.at(-1))} invalid name`,
    needs: String(needs),
    fix: String(fix),
  };
}

function missing(place: Place): FormProblem {
  const { schema, isRequired } = place;
  const description = schema.description?.replace(/\.$/, "");
  const required = description === undefined ? "Set it" : `Set it: ${description}`;
  return problem(place, "not set", needed(schema), isRequired ? required : "Set it, or remove it");
}

function wrongType(place: Place): FormProblem {
  const { value, schema } = place;
  const found = `${typeof value === "string" ? quoted(value) : shown(value)} is ${typeName(value)}`;
  return problem(place, found, needed(schema), otherType(value, schema));
}

function otherType(value: unknown, schema: JsonSchema): string {
  const isScalar = typeof value !== "object";
  if (schema.type === "array" && isScalar) return `Write it as a list: [${shown(value)}]`;
  if (schema.type === "object") {
    const [name] = Object.keys(schema.properties ?? {});
    return name === undefined
      ? "Write a name and a value for each"
      : `Write its settings by name, such as ${name}`;
  }
  if (schema.type === "string" && isScalar) return "Put it in quotes";
  return typeof value === "string" && /^(\d+|true|false)$/.test(value) ? "Remove the quotes" : "Change it";
}

function wrongChoice(place: Place): FormProblem {
  const { value, schema } = place;
  if (typeof value === "string" && schema.enum?.some((one) => one !== value && String(one) === value)) {
    return wrongType(place);
  }
  const choices = (schema.enum ?? []).filter((one) => typeof one === "string");
  const meant = typeof value === "string" ? nearest(value.trim(), choices) : undefined;
  return problem(
    place,
    shown(value),
    needed(schema),
    meant === undefined ? "Write one of them" : `Write ${meant}`,
  );
}

function wrongLength(issue: Issue & { code: "too_small" | "too_big" }, place: Place): FormProblem {
  const { value, isRequired } = place;
  const length = Array.isArray(value) ? value.length : 0;
  const found = length === 0 ? "it is empty" : `it has ${length === 1 ? "1 entry" : `${length} entries`}`;
  if (issue.code === "too_big") {
    return problem(place, found, `at most ${issue.maximum} are allowed`, "Shorten it");
  }
  const fix = isRequired ? "Add to it" : "Add to it, or remove it";
  return problem(place, found, `at least ${issue.minimum} ${issue.minimum === 1 ? "is" : "are"} needed`, fix);
}

/** Whether a required setting is missing only because its name is misspelt, which is already reported. */
function isMisspelt({ at, kind }: FormProblem, problems: readonly FormProblem[], written: unknown): boolean {
  if (kind.of === "name" || valueAt(written, at) !== undefined) return false;
  const path = pathText(at);
  return problems.some(
    (other) =>
      other.kind.of === "name" &&
      other.kind.meant !== undefined &&
      pathText([...other.at.slice(0, -1), other.kind.meant]) === path,
  );
}

function problem({ at }: Place, found: string, needs: string, fix: string): FormProblem {
  return { at, path: pathText(at), kind: { of: "value" }, found, needs, fix };
}

/** Most characters of a value that a message shows. */
const mostLetters = 60;

/** What a schema requires, as the middle of a problem's line. */
function needed(schema: JsonSchema): string {
  return `must be ${requirement(schema)}`;
}

/**
 * What a schema requires, in words: "an integer from 20 to 32".
 * @param ofText says what a string needs; default: nothing
 */
export function requirement(
  schema: JsonSchema,
  ofText: (text: JsonSchema) => string = () => "a string",
): string {
  if (schema.enum !== undefined) return alternatives(schema.enum.map(String));
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf !== undefined) return alternatives(schema.anyOf.map((one) => requirement(one, ofText)));
  switch (schema.type) {
    case "integer":
      return `an integer${bounds(schema)}`;
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "object":
      return "a mapping";
    default:
      return schema.type === "null" ? "null" : ofText(schema);
  }
}

function bounds({ minimum, maximum }: JsonSchema): string {
  if (maximum !== undefined) return ` from ${minimum ?? 0} to ${maximum}`;
  return minimum === undefined ? "" : `, at least ${minimum}`;
}

/** A value as part of a line: text without quotes where it is unambiguous. */
export function shown(value: unknown): string {
  if (typeof value !== "string") return shortened(JSON.stringify(value) ?? "nothing");
  return /^\S+( \S+)*$/.test(value) ? shortened(value) : quoted(value);
}

/** A text in quotes, as in the file. */
export function quoted(value: string): string {
  return shortened(JSON.stringify(value));
}

function shortened(text: string): string {
  return text.length > mostLetters ? `${text.slice(0, mostLetters - 3)}...` : text;
}

/** What YAML calls the type. */
export function typeName(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : `a ${typeof value}`;
}
