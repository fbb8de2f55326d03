import { problemReport } from "../../components/rules/problem.ts";
import { readSettings } from "../../components/rules/settings/read.ts";
import type { Settings } from "../../components/rules/settings/settings.ts";
import type { StackFile } from "./stackFile.ts";
import { UserError } from "./userError.ts";

/** Name of the project, part of every key of its settings. */
const project = "calico-ebpf-eks";

/**
 * Reads the settings of a stack file exactly as the program will.
 * @throws UserError with every problem of the file
 */
export function stackSettings({ name, file, config }: StackFile): Settings {
  const { settings, problems } = readSettings({
    config: configTexts(config),
    project,
    stack: name,
    today: new Date(),
  });
  if (settings === undefined) throw new UserError(problemReport(problems, file));
  return settings;
}

/** Configuration as the engine hands it to a program: text, and JSON where it is a list or a mapping. */
export function configTexts(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, text(value)]));
}
