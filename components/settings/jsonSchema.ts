import { z } from "zod";
import { lookUp } from "../values/lookUp.ts";
import { existingSchema } from "./existing.ts";
import type { Path } from "./paths.ts";
import { settingsSchema } from "./schema.ts";

/** The part of JSON schema that zod writes for the settings, and that Kubernetes has for FelixConfiguration. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
}

/** Created on first use: a valid stack file does not need them. */
const made = new Map<z.ZodType, JsonSchema>();

/** The settings as JSON schema, in the dialect that editors understand best. */
export function settingsJsonSchema(): JsonSchema {
  return jsonSchemaOf(settingsSchema);
}

/** The same for the settings of a stack that adopts a cluster. */
export function existingJsonSchema(): JsonSchema {
  return jsonSchemaOf(existingSchema);
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const known = made.get(schema);
  if (known !== undefined) return known;
  const fresh = withoutDialect(z.toJSONSchema(schema, { io: "input", target: "draft-7" }));
  made.set(schema, fresh);
  return fresh;
}

function withoutDialect({ $schema: _, ...schema }: z.core.JSONSchema.BaseSchema): JsonSchema {
  return schema as JsonSchema;
}

/** The part of a schema that describes the value at a path; an empty one where there is none. */
export function schemaAt(schema: JsonSchema, path: Path): JsonSchema {
  return path.reduce<JsonSchema>((outer, step) => {
    if (typeof step === "number") return outer.items ?? {};
    const { properties = {}, additionalProperties } = outer;
    const other = typeof additionalProperties === "object" ? additionalProperties : {};
    return lookUp(properties, String(step)) ?? other;
  }, schema);
}
