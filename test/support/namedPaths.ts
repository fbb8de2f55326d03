import { type JsonSchema, settingsJsonSchema } from "../../components/settings/jsonSchema.ts";
import { type Path, valueAt } from "../../components/settings/paths.ts";

/**
 * Whether a problem's path names something that a user can find: a whole key of the file (`aws:region`), or settings
 * below `calico-ebpf-eks:` of which each step is written in the file or is a name that the schema knows, so that it is
 * required or has a default. An index has to be one of a written list; a user's name, such as a pool's, must be
 * written, but for the pool that is there by default.
 */
export function namesSomething(text: string, config: Readonly<Record<string, unknown>>): boolean {
  if (text === "aws:region" || Object.hasOwn(config, text)) return true;
  const path = parsePath(text);
  if (path === undefined || path.length === 0) return false;
  const schema = settingsJsonSchema();
  const written = Object.entries(config).map(([key, value]) => ({
    [key.replace(/^calico-ebpf-eks:/, "")]: value,
  }));
  return [{}, ...written].some((one) => follows(path, schema, one));
}

/** Steps of `nodePools.arm.instanceTypes[0]` or `tags["cost center"]`; undefined when the text is not a path. */
function parsePath(text: string): Path | undefined {
  const steps = [...text.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|(?:^|\.)([\w-]+)/g)];
  if (steps.map(([step]) => step).join("") !== text) return undefined;
  return steps.map(([, index, quoted, name = ""]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? name : String(JSON.parse(quoted));
  });
}

function follows([step, ...rest]: Path, schema: JsonSchema, written: unknown): boolean {
  if (step === undefined) return true;
  const value = valueAt(written, [step]);
  const isWritten = typeof written === "object" && written !== null && Object.hasOwn(written, step);
  const { properties = {}, additionalProperties, default: standard, items } = schema;
  const known = Object.hasOwn(properties, step) ? properties[String(step)] : undefined;
  const isDefault = valueAt(standard, [step]) !== undefined;
  if (!isWritten && known === undefined && !isDefault) return false;
  const other = typeof additionalProperties === "object" ? additionalProperties : {};
  return follows(rest, known ?? (typeof step === "number" ? items : undefined) ?? other, value);
}
