import { z } from "zod";
import { settingsSchema } from "../../../components/settings/schema.ts";

/** The part of a JSON schema that the table reads. */
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

/** The settings of a stack as a Markdown table, in the schema's order. */
export function settingsTable(settings: z.ZodType = settingsSchema): string {
  return tableOf(Object.entries(propertiesOf(settings)).flatMap(([key, one]) => rowsOf(key, one)));
}

/** A Markdown table for each key of the project's namespace, in the schema's order. */
export function settingsTables(settings: z.ZodType = settingsSchema): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(propertiesOf(settings)).map(([key, one]) => [key, tableOf(rowsOf(key, one))]),
  );
}

/**
 * A page whose tables below the headings `## <key>` are those of the schema.
 *
 * @throws when a key has no heading with a table below it
 */
export function withTables(page: string, tables: ReadonlyMap<string, string>): string {
  return [...tables].reduce((text, [key, table]) => {
    const section = new RegExp(`(?<=^## ${key}\\n(?:(?!## ).*\\n)*?)\\| setting \\|.*\\n(?:\\|.*\\n)*`, "m");
    if (!section.test(text)) throw new Error(`no heading "## ${key}" with a table of settings below it`);
    return text.replace(section, () => `${table}\n`);
  }, page);
}

function propertiesOf(settings: z.ZodType): Readonly<Record<string, Schema>> {
  const schema = z.toJSONSchema(settings, { io: "input", unrepresentable: "any" }) as Schema;
  return schema.properties ?? {};
}

function tableOf(rows: readonly string[]): string {
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
    // What an optional mapping requires is required only if the mapping is written.
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
  // A list in one piece of code is one word to a browser, and widens the column over the page.
  if (Array.isArray(value) && value.length > 1) return value.map((one) => `\`${one}\``).join(", ");
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function meaning({ description = "", enum: words }: Schema): string {
  const choices = words === undefined || words.length > 6 ? "" : ` (${words.map(String).join(" · ")})`;
  return `${description.replace(/\.$/, "")}${choices}`.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
