import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { accountOf } from "../../../components/checks/account.ts";
import { type Origin, readSettings } from "../../../components/checks/checks.ts";
import { takesExisting } from "../../../components/checks/existing/readSettings.ts";
import { type JsonSchema, schemaAt, settingsJsonSchema } from "../../../components/settings/jsonSchema.ts";
import { settingsNamespace } from "../../../components/settings/namespaces.ts";
import type { Settings } from "../../../components/settings/settings.ts";
import { problemReport } from "../../../components/values/problem.ts";
import { UserError } from "./errors.ts";
import { readStackFile, type StackFile } from "./stackFile.ts";
import { readYaml, YamlProblem } from "./stackYaml.ts";

/** Name of the project, which a copy may change: part of the cluster's default name. */
const { name: project } = parse(
  readFileSync(join(import.meta.dirname, "..", "..", "..", "Pulumi.yaml"), "utf8"),
) as { readonly name: string };

/**
 * Reads the settings of a stack file exactly as the program will.
 * @throws UserError with every problem in the file
 */
export function stackSettings(stackFile: StackFile): Settings {
  const origin = originOf(stackFile);
  if (takesExisting(origin)) {
    throw new UserError(
      `${stackFile.file}: cluster.existing adopts an existing cluster, and a rehearsal has none. npm run test:engine adopts one of each kind on a real API server.`,
    );
  }
  const { settings, problems } = readSettings(origin);
  if (settings === undefined) throw new UserError(problemReport(problems, stackFile.file));
  return settings;
}

/** A stack file, to read the program's settings from. */
export function originOf({ name, config }: StackFile): Origin {
  return { config: configTexts(config), project, stack: name, today: new Date() };
}

/**
 * Settings of a stack file, before and after the change, if there is one.
 * @throws UserError with every problem in both
 */
export function allSettings(
  before: StackFile,
  after: StackFile | undefined,
): [before: Settings, after: Settings | undefined] {
  const attempt = (file: StackFile): Settings | string => {
    try {
      return stackSettings(file);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return error.message;
    }
  };
  const [from, to] = [attempt(before), after === undefined ? undefined : attempt(after)];
  const problems = [from, to].filter((one) => typeof one === "string");
  if (typeof from === "string" || typeof to === "string") throw new UserError(problems.join("\n"));
  return [from, to];
}

/** Configuration as the engine passes it to a program: text, empty for null, and JSON where it is a list or a mapping. */
export function configTexts(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const text = (value: unknown) => {
    if (value === null) return "";
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, text(value)]));
}

/** The account that a stack file names, as an ID or in an ARN; undefined: none. */
export function accountOfStack({ account, iam }: Pick<Settings, "account" | "iam">): string | undefined {
  const named = [account.id, accountOf(account.roleArn ?? ""), accountOf(iam.permissionsBoundary ?? "")];
  return named.find((one) => one !== undefined && /^\d{12}$/.test(one));
}

/** The change of a stack: another stack file, or some changed settings. */
export type ChangeChoice = { readonly to: string } | { readonly set: readonly string[] };

/**
 * The stack file after a change, under the name of the stack before it: another name would be another stack.
 * @throws UserError when the other file cannot be read, or a setting cannot be separated from its value
 */
export function changedStackFile(before: StackFile, choice: ChangeChoice, root: string): StackFile {
  if ("to" in choice) return { ...readStackFile({ file: choice.to }, root), name: before.name };
  const config = choice.set
    .map(setting)
    .reduce((changed, { path, value }) => placed(changed, path, value), before.config);
  return { name: before.name, file: `${before.file} with ${choice.set.join(", ")}`, config };
}

/**
 * `calico.dataplane=Iptables`. Where the schema requires a string, the value is one, whatever it looks like: 1.30 is not 1.3. A key of another namespace is written as in the file: `aws:region=eu-north-1`.
 */
export function setting(text: string): { path: readonly string[]; value: unknown } {
  const [, key = "", value = ""] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === "" || key.split(".").includes("")) {
    throw new UserError(`--set: "${text}" must be KEY=VALUE, such as calico.dataplane=Iptables.`);
  }
  const [first = "", ...rest] = key.includes(":") ? [key] : key.split(".");
  const path = [first.includes(":") ? first : `${settingsNamespace}:${first}`, ...rest];
  try {
    return { path, value: readYaml(value, { isText: (inner) => isText([...path, ...inner]) }) };
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    const reason = /not YAML/.test(error.message) ? "is not YAML" : `cannot be read: ${error.message}`;
    throw new UserError(`--set: the value of "${text}" ${reason.replace(/\.$/, "")}.`);
  }
}

/** Whether the schema allows only a string there. Values of other namespaces reach the program as strings. */
function isText([first = "", ...rest]: readonly string[]): boolean {
  const [space, key = ""] = first.split(":");
  if (space !== settingsNamespace) return true;
  // An index of a list is written as a number.
  const steps = rest.map((step) => (/^\d+$/.test(step) ? [step, Number(step)] : [step]));
  const found = steps.reduce<JsonSchema>(
    (outer, forms) => schemaAt(outer, [forms[outer.items === undefined ? 0 : forms.length - 1] ?? ""]),
    schemaAt(settingsJsonSchema(), [key]),
  );
  return found.type === "string" || (found.enum?.every((value) => typeof value === "string") ?? false);
}

type Mapping = Record<string, unknown>;

function placed(mapping: Mapping, [key = "", ...rest]: readonly string[], value: unknown): Mapping {
  const inner = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
  const isInnerMapping = typeof inner === "object" && inner !== null && !Array.isArray(inner);
  const changed = rest.length === 0 ? value : placed(isInnerMapping ? (inner as Mapping) : {}, rest, value);
  return { ...mapping, [key]: changed };
}
