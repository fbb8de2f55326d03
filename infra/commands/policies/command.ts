import { readFileSync } from "node:fs";
import { counted } from "../../../components/values/problem.ts";
import { findings, policies } from "../../policies/policies.ts";
import { argumentError, readArguments } from "../shared/arguments.ts";
import { UserError } from "../shared/errors.ts";
import { policiesCommand } from "./options.ts";
import { previewedResources } from "./preview.ts";

/**
 * `npm run policies`.
 * @returns the exit code: 1 when a policy is violated, which it has printed
 * @throws UserError when the arguments are wrong or the file is not a preview
 */
export function judgePreview(argv: readonly string[], say: (text: string) => void): number {
  const { given, lists, problems } = readArguments(policiesCommand.options, argv);
  const file = given.get("preview");
  const missing =
    file === undefined && problems.length === 0 ? ["--preview: is required: --preview preview.json"] : [];
  if (file === undefined || problems.length > 0)
    throw argumentError(policiesCommand, [...problems, ...missing]);

  const resources = previewedResources(file, contents(file));
  const found = findings(resources, {
    requiredTags: lists.get("require-tag") ?? [],
    openPorts: (lists.get("open-port") ?? []).map(Number),
  });
  const judged = `${counted(resources.length, "resource")}, ${policies.length} policies`;
  const outcome = found.length === 0 ? "no violation" : counted(found.length, "violation");
  const lines = found.map(({ policy, urn, message }) => `  ${policy}: ${labelOf(urn)}: ${message}`);
  say([`${file}: ${judged}: ${outcome}`, ...lines].join("\n"));
  return found.length === 0 ? 0 : 1;
}

/** `type name` of a resource. */
function labelOf(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split("$").at(-1)} ${name}`;
}

function contents(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: "file does not exist",
      EISDIR: "this is a directory, not a file",
      EACCES: "permission denied",
    };
    throw new UserError(`--preview: ${file}: ${reasons[code] ?? `cannot be read (${code})`}.`);
  }
}
