import { alternatives } from "../values/words.ts";
import type { JsonSchema } from "./jsonSchema.ts";

/** Most letters of a value that a message shows. */
const mostLetters = 60;

/** What a schema asks for, as the middle of a problem's line. */
export function needed(schema: JsonSchema): string {
  return `${asked(schema)} is needed`;
}

/** What a schema asks for, as a person would say it: "a whole number from 20 to 32". */
function asked(schema: JsonSchema): string {
  if (schema.enum !== undefined) return alternatives(schema.enum.map(String));
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf !== undefined) return alternatives(schema.anyOf.map(asked));
  switch (schema.type) {
    case "integer":
      return `a whole number from ${schema.minimum} to ${schema.maximum}`;
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "object":
      return "a mapping";
    default:
      return schema.type === "null" ? "null" : "a string";
  }
}

/** A value as a part of a line: texts bare where they cannot be taken for something else. */
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
