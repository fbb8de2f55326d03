import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../shared/errors.ts";
import { commentOn, outputSection, summarize } from "../github.ts";
import { run, type Surroundings } from "../run.ts";

/** Rehearses every stack of STACKS, one after the other; their reports are the summary, and a section of the comment. */
export async function rehearse(around: Surroundings): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "rehearsals-"));
  try {
    const reports: string[] = [];
    let code = 0;
    for (const stack of stacksToRehearse(around)) {
      const file = join(folder, `${stack}.md`);
      const args = ["run", "--silent", "rehearse", "--", "--stack", stack, "--report", file];
      const ended = await run("npm", args, around);
      code = Math.max(code, ended.code === 0 ? 0 : 1);
      reports.push(existsSync(file) ? readFileSync(file, "utf8") : withoutReport(stack, ended.output));
    }
    const text = reports.join("\n");
    summarize(around, text);
    // Previews of an earlier commit would look like this one's.
    await commentOn(around, "1-rehearsal", text, "dropped");
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function stacksToRehearse({ env }: Surroundings): string[] {
  const { STACKS: text = "" } = env;
  try {
    const stacks: unknown = JSON.parse(text);
    if (Array.isArray(stacks) && stacks.every((one) => typeof one === "string")) return stacks;
  } catch {
    // Reported below.
  }
  throw new UserError(`STACKS: "${text}" must be a JSON list of stacks. Use the output of the step touched.`);
}

/** An invalid stack file ends a rehearsal before there is anything to report. */
function withoutReport(stack: string, output: string): string {
  return outputSection(`Rehearsal failed: ${stack}`, output);
}
