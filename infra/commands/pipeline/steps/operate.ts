import { commentOn, outputSection, reportDrift, runUrl, summarize } from "../github.ts";
import { qualifiedStack, stackOf } from "../requirements.ts";
import { run, type Surroundings } from "../run.ts";

/** What the CLI ends with when it expected no changes and saw some. Source: pulumi 3.250, cmd/pulumi/cmd/exit_codes.go. */
const changesSeen = 7;

/** What every operation of the CLI is run with. */
const common = ["--non-interactive", "--color", "never", "--suppress-progress"];

/** This project's rules, also for what others have added (docs/policies.md). */
const policies = ["--policy-pack", "infra/policies"];

/** What a pull request would change, in the summary and in the comment. */
export async function preview(around: Surroundings): Promise<number> {
  const stack = qualifiedStack(around);
  const { code, output } = await run(
    "npx",
    ["pulumi", "preview", "--stack", stack, "--diff", ...policies, ...common],
    around,
  );
  const text = outputSection(`Preview of ${stackOf(around)}${code === 0 ? "" : " failed"}`, output);
  summarize(around, text);
  await commentOn(around, `2-preview-${stackOf(around)}`, text);
  return code;
}

/** Brings the stack to what its file says. */
export async function up(around: Surroundings): Promise<number> {
  const args = [
    "pulumi",
    "up",
    "--stack",
    qualifiedStack(around),
    "--yes",
    "--suppress-outputs",
    ...policies,
    ...common,
  ];
  const { code, output } = await run("npx", args, around);
  summarize(around, outputSection(`Update of ${stackOf(around)}${code === 0 ? "" : " failed"}`, output));
  return code;
}

/**
 * What a search for drift leaves out, as URNs in the form of the engine's `--exclude`: this program's definitions of
 * Calico's kinds, which the operator replaces by its own in every cluster, while a refresh heeds no ignoreChanges; and the
 * Job that waits for kubelets in an existing cluster, which Kubernetes removes after five minutes.
 */
export const leftOut = [
  "**:CalicoCrds$kubernetes:**",
  "**:ManifestCalico$kubernetes:batch/v1:Job::**",
] as const;

/** The same as options of the CLI. */
export const notDrift = leftOut.flatMap((urn) => ["--exclude", urn]);

/** Compares AWS and the cluster with the state, which it leaves as it is, and keeps the issue about it. */
export async function drift(around: Surroundings): Promise<number> {
  const stack = stackOf(around);
  const args = [
    "pulumi",
    "refresh",
    "--stack",
    qualifiedStack(around),
    "--preview-only",
    "--expect-no-changes",
    "--diff",
    ...notDrift,
  ];
  const { code, output } = await run("npx", [...args, ...common], around);
  if (code !== 0 && code !== changesSeen) return code;
  const heading = code === 0 ? `${stack} is as its state says` : `${stack} differs from its state`;
  const text = outputSection(heading, output);
  summarize(around, text);
  await reportDrift(
    around,
    stack,
    code === 0 ? undefined : `${text}\n\nSeen by [this run](${runUrl(around)}).`,
  );
  return 0;
}
