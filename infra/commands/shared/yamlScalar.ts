/**
 * How the Pulumi CLI reads a plain scalar: by gopkg.in/yaml.v3 (resolve.go), then again from what it has written of
 * the first reading (sdk/go/common/workspace/loaders.go), then as JSON (sdk/go/common/resource/config/object.go).
 */

/** A value, or why this program does not predict how the CLI reads it. */
export type ScalarReading = { readonly value: unknown } | { readonly unclear: string };

const words: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(["true", "True", "TRUE"].map((word) => [word, true])),
  ...Object.fromEntries(["false", "False", "FALSE"].map((word) => [word, false])),
  ...Object.fromEntries(["", "~", "null", "Null", "NULL"].map((word) => [word, null])),
};

const notFinite = /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/;

const yamlFloat = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;

/** Starts like a number, a date or a time. */
const numberStart = /^[-+\d]/;

/**
 * Reads a plain scalar: `010` is 8, `1_00` is 100, `1.30` is 1.3, `yes` is a string.
 * @param source as written, without quotes
 */
export function readPlainScalar(source: string): ScalarReading {
  if (Object.hasOwn(words, source)) return { value: words[source] };
  if (notFinite.test(source)) return { unclear: "a number that Pulumi's configuration cannot represent" };
  if (source.startsWith(".")) return { value: decimalOf(source) ?? source };
  if (!numberStart.test(source)) return { value: source };
  return timestampOf(source) ?? numberOf(source.replaceAll("_", "")) ?? { value: source };
}

/** Dates become Go's format of a time. A time of day can be written in too many ways. */
function timestampOf(source: string): ScalarReading | undefined {
  const [, year = "", month = "", day = "", rest = ""] = /^(\d{4})-(\d\d?)-(\d\d?)(.*)$/s.exec(source) ?? [];
  if (year === "" || !isDate(Number(year), Number(month), Number(day))) return undefined;
  if (rest === "")
    return { value: `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")} 00:00:00 +0000 UTC` };
  return /^[Tt ]\s*\d/.test(rest) ? { unclear: "a time, which Pulumi would rewrite" } : undefined;
}

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function numberOf(plain: string): ScalarReading | undefined {
  const whole = wholeNumberOf(plain);
  if (whole !== undefined) {
    const value = Number(whole);
    if (Number.isSafeInteger(value)) return { value: value === 0 ? 0 : value };
    return { unclear: "a number with more digits than this program can represent" };
  }
  const value = decimalOf(plain);
  return value === undefined ? undefined : { value };
}

const bases: readonly (readonly [RegExp, string])[] = [
  [/^([-+]?)0[xX]([\da-fA-F]+)$/, "0x"],
  [/^([-+]?)0[bB]([01]+)$/, "0b"],
  [/^([-+]?)0[oO]([0-7]+)$/, "0o"],
  // YAML 1.1, as Go: a leading zero makes a number octal.
  [/^([-+]?)0([0-7]+)$/, "0o"],
  [/^([-+]?)(0|[1-9]\d*)$/, ""],
  // yaml.v3 cuts these prefixes off and leaves the sign to strconv.
  [/^0b([-+])([01]+)$/, "0b"],
  [/^0o([-+])([0-7]+)$/, "0o"],
];

const [lowest, highest] = [-(2n ** 63n), 2n ** 64n - 1n];

/** Within 64 bits: strconv.ParseInt and ParseUint of base 0. ParseUint takes no sign. */
function wholeNumberOf(plain: string): bigint | undefined {
  for (const [form, prefix] of bases) {
    const [, sign, digits] = form.exec(plain) ?? [];
    if (digits === undefined) continue;
    const size = BigInt(`${prefix}${digits}`);
    const value = sign === "-" ? -size : size;
    const most = sign === "" ? highest : 2n ** 63n - 1n;
    return value >= lowest && value <= most ? value : undefined;
  }
  return undefined;
}

/** undefined: not a number, or out of range for a double. */
function decimalOf(plain: string): number | undefined {
  if (!yamlFloat.test(plain)) return undefined;
  const value = Number(plain);
  if (!Number.isFinite(value)) return undefined;
  return value === 0 ? 0 : value;
}
