import { takesExisting } from "../../../components/checks/existing/readSettings.ts";
import { type Origin, readSettings } from "../../../components/checks/readSettings.ts";
import type { Settings } from "../../../components/settings/settings.ts";
import { problemReport } from "../../../components/values/problem.ts";
import type { StackFile } from "./stackFile.ts";
import { UserError } from "./userError.ts";

/** Name of the project, part of every key of its settings. */
const project = "calico-ebpf-eks";

/**
 * Reads the settings of a stack file exactly as the program will.
 * @throws UserError with every problem of the file
 */
export function stackSettings(stackFile: StackFile): Settings {
  const origin = originOf(stackFile);
  if (takesExisting(origin)) {
    throw new UserError(
      `${stackFile.file}: cluster.existing takes a cluster that is there, and a rehearsal has none. npm run test:engine takes one of each kind on a real API server.`,
    );
  }
  const { settings, problems } = readSettings(origin);
  if (settings === undefined) throw new UserError(problemReport(problems, stackFile.file));
  return settings;
}

/** A stack file as the program's settings are read from it. */
export function originOf({ name, config }: StackFile): Origin {
  return { config: configTexts(config), project, stack: name, today: new Date() };
}

/**
 * Settings of a stack file, and of what it is to become, if it is.
 * @throws UserError with every problem of both
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

/** Configuration as the engine hands it to a program: text, empty for null, and JSON where it is a list or a mapping. */
export function configTexts(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const text = (value: unknown) => {
    if (value === null) return "";
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, text(value)]));
}
