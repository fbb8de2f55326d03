import { z } from "zod";
import { settingsSchema } from "../../../components/settings/schema.ts";

/** A JSON schema, as far as the table reads it. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
}

/** The settings of a stack as rows of a Markdown table, in the schema's order. */
export function settingsTable(settings: z.ZodType = settingsSchema): string {
  const schema = z.toJSONSchema(settings, { io: "input", unrepresentable: "any" }) as Schema;
  const rows = Object.entries(schema.properties ?? {}).flatMap(([key, one]) => rowsOf(key, one));
  return ["| setting | default | meaning |", "|---|---|---|", ...rows].join("\n");
}

/** Optional mappings that have to be complete, and the setting that asks for them. */
const wholes: Readonly<Record<string, string>> = {
  "network.existing": "network.existing",
  "cluster.existing.apiServer": "cluster.existing.kubeconfig",
};

/** @param ifUnset what stands in the default's place when there is none */
function rowsOf(path: string, schema: Schema, ifUnset = "unset"): string[] {
  const { properties, required = [] } = schema;
  if (properties !== undefined) {
    // What an optional mapping requires is required only of whoever writes the mapping.
    const whole = wholes[path];
    const must = whole === undefined ? "**must be set**" : `must be set with \`${whole}\``;
    return Object.entries(properties).flatMap(([key, one]) =>
      rowsOf(`${path}.${key}`, one, required.includes(key) ? must : "unset"),
    );
  }
  const pool = schema.additionalProperties;
  if (typeof pool === "object" && pool.properties !== undefined) return rowsOf(`${path}.<name>`, pool);
  return [`| \`${path}\` | ${defaultText(schema, ifUnset)} | ${meaning(schema)} |`];
}

function defaultText({ default: value }: Schema, ifUnset: string): string {
  if (value === undefined) return ifUnset;
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function meaning({ description = "", enum: words }: Schema): string {
  const choices = words === undefined || words.length > 6 ? "" : ` (${words.map(String).join(" · ")})`;
  return `${description.replace(/\.$/, "")}${choices}`.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
