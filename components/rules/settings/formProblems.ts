import type { z } from "zod";
import type { Problem } from "../problem.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A problem of form, with the path of the value that has it. */
export interface FormProblem extends Problem {
  readonly at: Path;
}

/** Turns what the schema found into problems, in the words of a stack file. */
export function formProblems(issues: readonly Issue[], written: unknown): FormProblem[] {
  return issues.flatMap((issue) => ofIssue(issue, issue.path, written));
}

/** Writes a path as a person would: `nodePools.arm.instanceTypes[0]`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}

function ofIssue(issue: Issue, at: Path, written: unknown): FormProblem[] {
  const value = valueAt(written, at);
  const problem = (found: string, needs: string, fix: string, path = at): FormProblem => ({
    at: path,
    path: pathText(path),
    found,
    needs,
    fix,
  });
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) =>
        problem("there is no such setting", "unknown settings are refused", "Correct its name or remove it", [
          ...at,
          key,
        ]),
      );
    case "invalid_type":
      return [typeProblem(issue.expected, value, problem)];
    case "invalid_value":
      return [problem(described(value), `${oneOf(issue.values.map(String))} is needed`, "Write one of them")];
    case "invalid_union":
      return [problem(described(value), unionNeeds(issue, at, written), "Write one of them")];
    case "invalid_key":
      return issue.issues
        .flatMap((inner) => ofIssue(inner, at, written))
        .map((one) => ({ ...one, found: "this name" }));
    case "too_small":
      return [
        problem(sizeOf(value), `${issue.minimum} or more ${unit(issue.origin)} are needed`, "Add to it"),
      ];
    case "too_big":
      return [
        problem(sizeOf(value), `${issue.maximum} or fewer ${unit(issue.origin)} are allowed`, "Shorten it"),
      ];
    case "custom":
      return [problem(described(value), String(issue.params?.["needs"]), String(issue.params?.["fix"]))];
    default:
      return [problem(described(value), issue.message, "Change it")];
  }
}

type Make = (found: string, needs: string, fix: string) => FormProblem;

function typeProblem(expected: string, value: unknown, problem: Make): FormProblem {
  const needs = `${withArticle(expected)} is needed`;
  if (value === undefined) return problem("nothing is set", needs, "Set it");
  const scalar = typeof value === "number" || typeof value === "boolean";
  const fix = expected === "string" && scalar ? `Put it in quotes: "${value}"` : "Change it to one";
  return problem(`${described(value)} is ${withArticle(typeName(value))}`, needs, fix);
}

function unionNeeds(issue: Issue & { code: "invalid_union" }, at: Path, written: unknown): string {
  const needs = issue.errors.flatMap((issues) => issues.flatMap((one) => ofIssue(one, at, written)));
  return needs
    .map((one) => one.needs.replace(/ is needed$/, ""))
    .join(" or ")
    .concat(" is needed");
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === "object" && inner !== null ? Reflect.get(inner, part as PropertyKey) : undefined,
    value,
  );
}

function described(value: unknown): string {
  if (typeof value === "string") return value === "" ? "an empty text" : value;
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** What YAML calls the type. */
const yamlNames: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "a boolean (true or false)",
  null: "null",
  number: "a number",
  object: "a mapping",
  record: "a mapping",
  string: "a string",
};

function withArticle(type: string): string {
  return yamlNames[type] ?? type;
}

function oneOf(values: readonly string[]): string {
  return values.length > 1 ? `${values.slice(0, -1).join(", ")} or ${values.at(-1)}` : String(values[0]);
}

function sizeOf(value: unknown): string {
  if (Array.isArray(value)) return `${value.length} entries`;
  return typeof value === "string" ? `${value.length} characters` : described(value);
}

function unit(origin: string): string {
  return origin === "string" ? "characters" : "entries";
}
