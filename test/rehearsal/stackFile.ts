import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { isMap, parseDocument } from "yaml";
import type { StackChoice } from "./arguments.ts";
import { UserError } from "./userError.ts";

export interface StackFile {
  /** Fit for a stack name: from `Pulumi.<name>.yaml`, else from the file's own name. */
  readonly name: string;
  /** As a message should show it. */
  readonly file: string;
  /** The `config:` mapping, keys as in the file (`aws:region`). Nothing about how secrets are encrypted. */
  readonly config: Record<string, unknown>;
}

/**
 * Reads a stack's settings as Pulumi would, but without decrypting anything.
 * @param root folder of the project, which holds `stacks/`
 * @param folder where a relative `file` begins; default: the working directory
 * @throws UserError of one line for anything that is wrong with the file
 */
export function readStackFile(choice: StackChoice, root: string, folder: string = process.cwd()): StackFile {
  const { file, path } =
    "file" in choice ? { file: choice.file, path: resolve(folder, choice.file) } : known(choice.stack, root);
  const text = contents(file, path);
  return { name: stackName(path), file, config: configOf(file, text) };
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
  // Comparing with what is there also keeps "../x" from leaving the folder.
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

function contents(file: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const reasons: Record<string, string> = {
      ENOENT: "there is no such file",
      EISDIR: "this is a folder, not a file",
      EACCES: "this user may not read it",
    };
    throw new UserError(`${file}: ${reasons[code] ?? `cannot be read (${code})`}.`);
  }
}

function configOf(file: string, text: string): Record<string, unknown> {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) {
    const [place] = error.linePos ?? [];
    const where = place ? `line ${place.line}, column ${place.col}: ` : "";
    const [what = "cannot be read"] = error.message.split(/ at line \d|:?\n/);
    throw new UserError(`${file}: ${where}not YAML: ${what}.`);
  }
  if (!isMap(document.contents)) throw new UserError(`${file}: is not a mapping; it needs a \`config:\`.`);
  if (!isMap(document.get("config"))) throw new UserError(`${file}: has no \`config:\` mapping.`);

  const { config } = document.toJS() as { config: Record<string, unknown> };
  if (containsItself(config)) throw new UserError(`${file}: a mapping contains itself through an alias (*).`);
  const secrets = secretPaths(config, []);
  if (secrets.length > 0) {
    const list = secrets.join(", ");
    throw new UserError(
      `${file}: ${list}: encrypted (secure:), and a rehearsal has no key. Use --stack-file with a copy that has plain stand-ins.`,
    );
  }
  return config;
}

/** YAML's aliases can make a circle, which no setting means. */
function containsItself(value: unknown, above: readonly unknown[] = []): boolean {
  if (typeof value !== "object" || value === null) return false;
  return above.includes(value) || Object.values(value).some((one) => containsItself(one, [...above, value]));
}

/** Pulumi writes an encrypted value as a mapping with the single key `secure`. */
function secretPaths(value: unknown, path: readonly string[]): string[] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Object.entries(value);
  if (entries.length === 1 && typeof (value as { secure?: unknown }).secure === "string")
    return [path.join(".")];
  return entries.flatMap(([key, child]) => secretPaths(child, [...path, key]));
}
