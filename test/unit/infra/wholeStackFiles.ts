import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { expect, vi } from "vitest";
import { readSettings } from "../../../components/checks/checks.ts";
import type { Settings } from "../../../components/settings/settings.ts";
import type { Problem } from "../../../components/values/problem.ts";
import { answers, record } from "../../../infra/commands/shared/plan/recorder.ts";
import { configTexts } from "../../../infra/commands/shared/stackSettings.ts";
import { program } from "../../../infra/program.ts";
import { broken } from "../../support/invariants.ts";
import { today } from "../../support/lines.ts";
import { namesSomething } from "../../support/namedPaths.ts";
import { brokenPolicies } from "../../support/policies.ts";
import type { StackConfig } from "../../support/stackFiles.ts";

/** The same files in every run; another seed finds others. */
const seed = 20261120;

const getSubnet = "aws:ec2/getSubnet:getSubnet";

/** As AWS answers, which knows every subnet whole: those that recorder.ts has no more of are in another VPC. */
const answerWhole = (args: Record<string, unknown>) => ({
  availabilityZone: "eu-west-1c",
  availabilityZoneId: "euw1-az3",
  cidrBlock: "10.99.0.0/20",
  ...answers[getSubnet]?.(args),
});

/** What is wrong with a problem: it names nothing in the file, or it says nothing. */
function flaws({ path, found, needs, fix }: Problem, file: StackConfig): string[] {
  const line = `${path}: ${found}; ${needs}. ${fix}.`;
  return [
    ...(namesSomething(path, file) ? [] : [`names nothing in the file: ${line}`]),
    ...([found, needs, fix].every((part) => part.trim() !== "") ? [] : [`has an empty part: ${line}`]),
    ...(/undefined|\[object|NaN/.test(line) ? [`shows a value of the program's own: ${line}`] : []),
    ...(/[\n\r]/.test(line) ? [`is more than one line: ${line}`] : []),
  ];
}

/** What is wrong with the program's answer to sound settings: a graph, or a refusal because of what AWS says. */
async function faults(
  config: Record<string, string>,
  settings: Settings,
  file: StackConfig,
): Promise<string[]> {
  try {
    const { resources } = await record(program, { config, answers: { [getSubnet]: answerWhole } });
    return [...broken({ resources, settings }), ...brokenPolicies({ resources, settings })];
  } catch (error) {
    if (!pulumi.RunError.isInstance(error)) throw error;
    const [heading = "", ...lines] = error.message.split("\n");
    return [
      ...(/^calico-ebpf-eks: \d+ problems? in the settings of stack dev$/.test(heading) ? [] : [heading]),
      ...lines.filter((line) => !namesSomething(line.trim().split(": ")[0] ?? "", file)),
    ];
  }
}

/**
 * Any of the files is refused with problems that name what is in it, or gives a graph in which the invariants hold;
 * nothing else, and never an exception.
 * @returns how many were refused by their settings alone, and how many were not
 */
export async function judge(files: fc.Arbitrary<StackConfig>, numRuns: number) {
  const count = { refused: 0, passed: 0 };
  const property = fc.asyncProperty(files, async (file) => {
    const config = configTexts(file);
    const reading = readSettings({ config, project: "calico-ebpf-eks", stack: "dev", today });
    if (reading.settings === undefined) {
      count.refused += 1;
      expect(reading.problems).not.toEqual([]);
      expect(reading.problems.flatMap((problem) => flaws(problem, file))).toEqual([]);
    } else {
      count.passed += 1;
      expect(await faults(config, reading.settings, file)).toEqual([]);
    }
  });

  // Dates of support are judged by the day.
  vi.useFakeTimers({ toFake: ["Date"], now: today });
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    await fc.assert(property, { numRuns, seed });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    vi.useRealTimers();
  }
  return count;
}
