import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { readPlainScalar } from "./yamlScalar.ts";

/** Why a text cannot be read, as a message with the place. */
export class YamlProblem extends Error {}

/** More values than this, aliases included, are not a stack file (a "billion laughs"). */
const mostValues = 100_000;

/** Characters that end a line in YAML 1.1, or that yaml.v3 refuses, but YAML 1.2 accepts. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it searches for
const otherCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;

/** The place of a value: keys and positions from the top. */
type ValuePath = readonly string[];

export interface YamlOptions {
  /** Whether a plain scalar at a place is always a string. Default: never. */
  readonly isText?: (path: ValuePath) => boolean;
}

/**
 * Decodes a file: UTF-8, or UTF-16 by its byte order mark, as yaml.v3.
 * @throws YamlProblem
 */
export function decodeYaml(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isWide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const encoding = isWide ? (first === 0xff ? "utf-16le" : "utf-16be") : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new YamlProblem(`not ${encoding.toUpperCase()}: invalid bytes`);
  }
}

/**
 * Reads a text as the Pulumi CLI does: YAML 1.1 by gopkg.in/yaml.v3, with the CLI's own treatment of numbers and dates.
 * @throws YamlProblem for what is not YAML, and for what the two would read differently
 */
export function readYaml(text: string, options: YamlOptions = {}): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    // Keeps every scalar as written.
    schema: "failsafe",
    merge: false,
    uniqueKeys: false,
    lineCounter: lines,
    logLevel: "error",
  });
  const [error] = document.errors;
  if (error) {
    const [what = "cannot be read"] = error.message.split(/ at line \d|:?\n/);
    throw new YamlProblem(`${place(lines, error.pos[0])}not YAML: ${what}`);
  }
  refuseOtherGrammar(text, lines);
  return new Reader(document, lines, options).value(document.contents, []);
}

function place(lines: LineCounter, offset: number | undefined): string {
  if (offset === undefined) return "";
  const { line, col } = lines.linePos(offset);
  return `line ${line}, column ${col}: `;
}

/** What YAML 1.2 accepts, but yaml.v3 refuses or reads differently. */
function refuseOtherGrammar(text: string, lines: LineCounter): void {
  const other = otherCharacter.exec(text);
  if (other !== null) {
    const code = other[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    throw new YamlProblem(
      `${place(lines, other.index)}the character U+${code} is not allowed; write it as an escape in double quotes`,
    );
  }
  let offset = 0;
  const tokens = [...new Lexer().lex(text)].map((source) => {
    // The lexer's own marks (document, scalar and flow error) are not part of the text.
    const isMark = source === "\u0002" || source === "\u001f" || source === "\u0018";
    const at = offset;
    if (!isMark) offset += source.length;
    return { source, at };
  });
  for (const [index, { source, at }] of tokens.entries()) {
    if (source.startsWith("%") && (at === 0 || text[at - 1] === "\n"))
      throw new YamlProblem(`${place(lines, at)}a directive (%) is not supported; remove it`);
    const next = tokens[index + 1]?.source ?? "\n";
    if (/^[ \t]*\t[ \t]*$/.test(source) && !/^[#\r\n]/.test(next))
      throw new YamlProblem(
        `${place(lines, at)}a tab between values is read differently by Pulumi; use spaces`,
      );
  }
}

/** Turns nodes into values. */
class Reader {
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #isText: (path: ValuePath) => boolean;
  #count = 0;
  /** Aliases that are being followed. */
  readonly #open = new Set<unknown>();

  constructor(document: Document, lines: LineCounter, { isText = () => false }: YamlOptions) {
    this.#document = document;
    this.#lines = lines;
    this.#isText = isText;
  }

  value(node: unknown, path: ValuePath): unknown {
    this.#count += 1;
    if (this.#count > mostValues) throw new YamlProblem("its aliases (*) make too many values");
    if (isAlias(node)) return this.#followed(node, (target) => this.value(target, path));
    if (isMap(node)) {
      this.#refuseTag(node, ["tag:yaml.org,2002:map"]);
      return Object.fromEntries(this.#entries(node, path));
    }
    if (isSeq(node)) {
      this.#refuseTag(node, ["tag:yaml.org,2002:seq"]);
      return node.items.map((item, index) => this.value(this.#item(item), [...path, String(index)]));
    }
    return isScalar(node) ? this.#scalar(node, path) : null;
  }

  #item(item: unknown): unknown {
    // `[a: 1]`: a single pair in a list.
    if (!isPair(item)) return item;
    this.#fail(item.key, "a mapping in a list needs braces", "Write [{ a: 1 }]");
  }

  #scalar(node: Scalar, path: ValuePath): unknown {
    const isString = this.#refuseTag(node, ["tag:yaml.org,2002:str"]);
    const text = String(node.value ?? "");
    if (isString || node.type !== "PLAIN") return text;
    const reading = readPlainScalar(text);
    if ("value" in reading && (reading.value === null || !this.#isText(path))) return reading.value;
    if (this.#isText(path)) return text;
    this.#fail(
      node,
      `${text} is ${"unclear" in reading ? reading.unclear : ""}`,
      "Quote it if it is a string",
    );
  }

  /** The first occurrence of a key wins: a mapping's own keys, then those it merges (`<<`), in order. */
  #entries(map: YAMLMap, path: ValuePath): Map<string, unknown> {
    const own = new Map<string, unknown>();
    const written = new Set<string>();
    let merged: unknown;
    for (const pair of map.items) {
      const { name, isMerge } = this.#key(pair);
      const source = isScalar(pair.key) ? String(pair.key.value) : name;
      if (written.has(source) || own.has(name))
        this.#fail(pair.key, `the key ${name} is listed twice`, "Remove one");
      written.add(source);
      if (isMerge) merged = pair.value;
      else own.set(name, this.value(pair.value, [...path, name]));
    }
    if (merged !== undefined) this.#merge(own, merged, path);
    return own;
  }

  #merge(own: Map<string, unknown>, merged: unknown, path: ValuePath): void {
    const add = (node: unknown): void => {
      if (isAlias(node)) {
        this.#followed(node, add);
        return;
      }
      if (!isMap(node)) this.#fail(node, "<< merges mappings only", "Name a mapping, or a list of mappings");
      for (const [name, value] of this.#entries(node, path)) if (!own.has(name)) own.set(name, value);
    };
    if (isSeq(merged)) for (const one of merged.items) add(one);
    else add(merged);
  }

  #key({ key }: Pair): { name: string; isMerge: boolean } {
    if (!isScalar(key))
      this.#fail(key, "a key must be a string", "Write it without * and without a nested mapping");
    const isString = this.#refuseTag(key, ["tag:yaml.org,2002:str"]);
    const text = String(key.value ?? "");
    if (isString || key.type !== "PLAIN") return { name: text, isMerge: false };
    if (text === "<<") return { name: text, isMerge: true };
    const reading = readPlainScalar(text);
    if ("value" in reading) {
      const { value } = reading;
      if (typeof value === "string" && value === text) return { name: text, isMerge: false };
      if (typeof value === "boolean" || Number.isSafeInteger(value))
        return { name: String(value), isMerge: false };
    }
    this.#fail(key, `the key ${text === "" ? "is empty" : `${text} is not a string`}`, "Quote it");
  }

  #followed<T>(alias: Alias, then: (target: unknown) => T): T {
    const target = alias.resolve(this.#document);
    if (target === undefined)
      this.#fail(alias, `the alias *${alias.source} has no anchor`, "Correct its name");
    if (this.#open.has(target)) throw new YamlProblem("a mapping contains itself through an alias (*)");
    this.#open.add(target);
    try {
      return then(target);
    } finally {
      this.#open.delete(target);
    }
  }

  /** Whether the node has one of the tags that do not change it. */
  #refuseTag(node: { tag?: string | undefined; range?: unknown }, known: readonly string[]): boolean {
    const { tag } = node;
    if (tag === undefined || tag === "?") return false;
    if (known.includes(tag)) return true;
    this.#fail(node, `the tag ${tag.replace("tag:yaml.org,2002:", "!!")} is not supported`, "Remove it");
  }

  #fail(node: unknown, what: string, fix: string): never {
    const { range } = (node ?? {}) as { range?: readonly number[] };
    throw new YamlProblem(`${place(this.#lines, range?.[0])}${what}. ${fix}`);
  }
}
