/** What TOML has a form for, of what YAML can say; it has no null. */
export type TomlValue = string | number | boolean | readonly TomlValue[] | TomlTable;

/** A table of TOML. */
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/** Whether TOML has a form for a value that was read from YAML. */
export function isTomlValue(value: unknown): value is TomlValue {
  if (Array.isArray(value)) return value.every(isTomlValue);
  if (typeof value === "object" && value !== null) return Object.values(value).every(isTomlValue);
  return typeof value === "number"
    ? Number.isFinite(value)
    : typeof value === "string" || typeof value === "boolean";
}

/** A document: each table gets a header, a list is written in one line. */
export function toml(table: TomlTable): string {
  return tables([], table)
    .filter((lines) => lines !== "")
    .join("\n");
}

function tables(path: readonly string[], table: TomlTable): string[] {
  const entries = Object.entries(table);
  const values = entries.filter(([, value]) => !isTable(value));
  const inner = entries.flatMap(([name, value]) => (isTable(value) ? tables([...path, name], value) : []));
  const needsHeader = path.length > 0 && (values.length > 0 || inner.length === 0);
  const header = needsHeader ? `[${path.map(key).join(".")}]\n` : "";
  return [
    `${header}${values.map(([name, value]) => `${key(name)} = ${inline(value)}\n`).join("")}`,
    ...inner,
  ];
}

function inline(value: TomlValue): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (isTable(value)) {
    return `{ ${Object.entries(value)
      .map(([name, one]) => `${key(name)} = ${inline(one)}`)
      .join(", ")} }`;
  }
  // A basic string of TOML has the escapes of JSON, and DEL needs one, too.
  return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
}

function key(name: string): string {
  return /^[\w-]+$/.test(name) ? name : inline(name);
}

function isTable(value: TomlValue): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value);
}
