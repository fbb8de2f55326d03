import { appendFileSync } from "node:fs";
import type { Surroundings } from "../surroundings.ts";

/** Adds Markdown to the summary of the job; outside of a workflow it is only said. */
export function summarize({ env, say }: Surroundings, markdown: string): void {
  const { GITHUB_STEP_SUMMARY: file } = env;
  if (file) appendFileSync(file, `${markdown}\n\n`);
  else say(`${markdown}\n`);
}

/** Sets outputs of the step, each a text of one line. */
export function setOutputs({ env, say }: Surroundings, outputs: Readonly<Record<string, string>>): void {
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value.replace(/[\r\n]+/g, " ")}\n`);
  say(lines.join(""));
  if (env["GITHUB_OUTPUT"]) appendFileSync(env["GITHUB_OUTPUT"], lines.join(""));
}
