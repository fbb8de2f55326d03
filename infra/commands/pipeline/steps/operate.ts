import { commentOn, outputSection, reportDrift, runUrl, summarize } from "../github.ts";
import { qualifiedStack, stackOf } from "../requirements.ts";
import { run, type Surroundings } from "../run.ts";

/** Exit code of the CLI when it expected no changes and found some. Source: pulumi 3.250, cmd/pulumi/cmd/exit_codes.go. */
const changesSeen = 7;

/** Options of every CLI operation. */
const common = ["--non-interactive", "--color", "never", "--suppress-progress"];

/** This project's policies, also for resources that others have added (docs/policies.md). */
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

/** Updates the stack to its stack file. */
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
 * What drift detection excludes, as URNs for the engine's `--exclude`: this program's CRDs of
 * Calico's kinds, which the operator replaces in every cluster, while a refresh does not apply ignoreChanges; and the
 * Job that waits for kubelets in an existing cluster, which Kubernetes removes after five minutes.
 */
export const leftOut = [
  "**:CalicoCrds$kubernetes:**",
  "**:ManifestCalico$kubernetes:batch/v1:Job::**",
] as const;

/** The same as options of the CLI. */
export const notDrift = leftOut.flatMap((urn) => ["--exclude", urn]);

/** Compares AWS and the cluster with the state, without changing it, and updates the issue about it. */
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
  const heading = code === 0 ? `${stack} matches its state` : `${stack} differs from its state`;
  const text = outputSection(heading, output);
  summarize(around, text);
  await reportDrift(
    around,
    stack,
    code === 0 ? undefined : `${text}\n\nFound by [this run](${runUrl(around)}).`,
  );
  return 0;
}
