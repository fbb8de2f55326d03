import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { advice } from "../components/checks/advice.ts";
import { readSettings } from "../components/checks/checks.ts";
import { readExistingSettings, takesExisting } from "../components/checks/existing/readSettings.ts";
import type { ExistingSettings } from "../components/settings/existing.ts";
import type { AccountSettings } from "../components/settings/schema.ts";
import type { Settings } from "../components/settings/settings.ts";
import { problemReport } from "../components/values/problem.ts";

/**
 * The stack's settings; the only place that reads the stack's configuration.
 * @throws pulumi.RunError with every problem, before anything is registered.
 */
export function stackSettings(): Settings {
  const today = new Date();
  const stack = pulumi.getStack();
  const { settings, problems } = readSettings({
    config: pulumi.runtime.allConfig(),
    project: pulumi.getProject(),
    stack,
    today,
  });
  if (settings === undefined)
    throw new pulumi.RunError(problemReport(problems, `the settings of stack ${stack}`));
  for (const line of advice(settings, today)) pulumi.log.warn(line);
  return settings;
}

/** Whether the stack adopts an existing cluster instead of creating one. */
export function asksForExisting(): boolean {
  return takesExisting({ config: pulumi.runtime.allConfig(), project: pulumi.getProject() });
}

/**
 * The settings of a stack that adopts a cluster.
 * @throws pulumi.RunError with every problem, before anything is registered.
 */
export function existingSettings(): ExistingSettings {
  const stack = pulumi.getStack();
  const { settings, problems } = readExistingSettings({
    config: pulumi.runtime.allConfig(),
    project: pulumi.getProject(),
    stack,
  });
  if (settings !== undefined) return settings;
  throw new pulumi.RunError(problemReport(problems, `the settings of stack ${stack}`));
}

/** Arguments of the explicit aws provider: an explicit one does not read the aws namespace. */
export function awsProviderArgs({
  account: { id, roleArn },
  region,
  profile,
}: Pick<Settings, "profile" | "region"> & { readonly account: AccountSettings }): aws.ProviderArgs {
  return {
    region: region as aws.Region,
    ...(profile === undefined ? {} : { profile }),
    ...(roleArn === undefined ? {} : { assumeRoles: [{ roleArn, sessionName: "calico-ebpf-eks" }] }),
    // Holds for a destroy and a refresh, too, in which this program does not run.
    ...(id === undefined ? {} : { allowedAccountIds: [id] }),
  };
}
