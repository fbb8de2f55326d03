import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { stringify } from "yaml";
import { nearest } from "../../../components/values/lookUp.ts";
import { UserError } from "./errors.ts";
import { decodeYaml, readYaml, YamlProblem } from "./stackYaml.ts";

/** A stack of the project by its name, or any stack file by its path. */
export type StackChoice = { readonly stack: string } | { readonly file: string };

export interface StackFile {
  /** Valid as a stack name: from `Pulumi.<name>.yaml`, else from the file's own name. */
  readonly name: string;
  /** The name in messages. */
  readonly file: string;
  /** The `config:` mapping, keys as in the file (`aws:region`). Without the settings for encryption. */
  readonly config: Record<string, unknown>;
}

/** A stack file: its `config:` and its other top-level keys. */
export interface StackFileContents {
  readonly config: Readonly<Record<string, unknown>>;
  readonly secretsprovider?: unknown;
  readonly encryptedkey?: unknown;
  readonly encryptionsalt?: unknown;
  readonly environment?: unknown;
}

/**
 * Reads a stack's settings as Pulumi would, but without decrypting anything.
 * @param root folder of the project, which holds `stacks/`
 * @param folder where a relative `file` begins; default: the working directory
 * @throws UserError of one line for any problem with the file
 */
export function readStackFile(choice: StackChoice, root: string, folder: string = process.cwd()): StackFile {
  const { file, path } =
    "file" in choice ? { file: choice.file, path: resolve(folder, choice.file) } : known(choice.stack, root);
  const config = configOf(file, documentOf(file, path));
  refuseSecrets(file, config);
  return { name: stackName(path), file, config };
}

/**
 * The whole file of a stack in `stacks/`, including encrypted values and the settings for encryption.
 * @throws UserError of one line for any problem with the file
 */
export function readWholeStackFile(stack: string, root: string): StackFileContents {
  const { file, path } = known(stack, root);
  const document = documentOf(file, path);
  return { ...document, config: configOf(file, document) };
}

/** Text of a stack file that the CLI reads back unchanged: no string in it can be read as a number or a date. */
export function stackFileText(contents: StackFileContents): string {
  return stringify(contents, {
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "QUOTE_DOUBLE",
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

/** `stacks/Pulumi.dev.yaml` → `dev`; `my settings.yaml` → `my-settings`. */
function stackName(path: string): string {
  const bare = basename(path).replace(/\.(ya?ml|json)$/i, "");
  const name = bare.replace(/^Pulumi\.(?=.)/, "").replace(/[^\w.-]+/g, "-");
  return name.replace(/^[-.]+|[-.]+$/g, "").slice(0, 100) || "rehearsal";
}

function known(stack: string, root: string): { file: string; path: string } {
  const names = stacksIn(root);
  const path = join(root, "stacks", `Pulumi.${stack}.yaml`);
  // Comparing with existing names also keeps "../x" from leaving the folder.
  if (names.includes(stack)) return { file: relative(root, path), path };
  const there = names.length === 0 ? "there is none in stacks/" : `there are ${names.join(", ")}`;
  throw new UserError(`--stack: no stack is named "${stack}"; ${there}. For another file use --stack-file.`);
}

/**
 * Names of the stacks that have a file, in alphabetical order.
 * @param root folder of the project, which holds `stacks/`
 */
export function stacksIn(root: string): string[] {
  try {
    return readdirSync(join(root, "stacks"))
      .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
      .toSorted();
  } catch {
    return [];
  }
}

function contents(file: string, path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const reasons: Record<string, string> = {
      ENOENT: "file does not exist",
      EISDIR: "this is a directory, not a file",
      EACCES: "permission denied",
    };
    throw new UserError(`${file}: ${reasons[code] ?? `cannot be read (${code})`}.`);
  }
}

/** The top-level keys of a stack file (sdk/go/common/workspace, ProjectStack); the CLI skips anything else. */
const topKeys = ["config", "secretsprovider", "encryptedkey", "encryptionsalt", "environment"];

/** A file as the CLI reads it: JSON by its extension, else YAML. */
function documentOf(file: string, path: string): Record<string, unknown> {
  const bytes = contents(file, path);
  try {
    const text = decodeYaml(bytes);
    const document = /\.json$/i.test(path) ? JSON.parse(text) : readYaml(text);
    if (!isMapping(document)) throw new YamlProblem("is not a mapping; it needs a `config:`");
    refuseUnknown(document);
    return document;
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserError(`${file}: not JSON.`);
    if (!(error instanceof YamlProblem)) throw error;
    throw new UserError(`${file}: ${error.message.replace(/\.$/, "")}.`);
  }
}

function refuseUnknown(document: Record<string, unknown>): void {
  const wrong = Object.keys(document)
    .filter((key) => !topKeys.includes(key))
    .map((key) => {
      const meant = nearest(key, topKeys);
      return meant === undefined ? key : `${key} (did you mean ${meant}?)`;
    });
  if (wrong.length > 0) {
    throw new YamlProblem(
      `Pulumi does not read ${wrong.join(", ")} at the top of a stack file. Remove it, or move it below config`,
    );
  }
}

function configOf(file: string, document: Record<string, unknown>): Record<string, unknown> {
  const { config } = document;
  if (!isMapping(config)) throw new UserError(`${file}: has no \`config:\` mapping.`);
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [fullKey(file, key), value]));
}

/** `aws:config:region` is an old form of `aws:region`. */
function fullKey(file: string, key: string): string {
  const [namespace = "", second = "", third, ...others] = key.split(":");
  if (third === undefined) return key;
  if (second === "config" && others.length === 0) return `${namespace}:${third}`;
  throw new UserError(`${file}: ${key}: a key may have only one colon, as in aws:region.`);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuseSecrets(file: string, config: Record<string, unknown>): void {
  const secrets = secretPaths(config, []);
  if (secrets.length === 0) return;
  const list = secrets.join(", ");
  throw new UserError(
    `${file}: ${list}: encrypted (secure:), but a rehearsal has no key. Use --stack-file with a copy that has plain values.`,
  );
}

/** Pulumi writes an encrypted value as a mapping with the single key `secure`. */
function secretPaths(value: unknown, path: readonly string[]): string[] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Object.entries(value);
  if (entries.length === 1 && typeof (value as { secure?: unknown }).secure === "string")
    return [path.join(".")];
  return entries.flatMap(([key, child]) => secretPaths(child, [...path, key]));
}
