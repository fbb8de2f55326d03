import { accountOf } from "../../../components/checks/account.ts";
import { advice } from "../../../components/checks/advice.ts";
import { readExistingSettings, takesExisting } from "../../../components/checks/existing/readSettings.ts";
import { readSettings } from "../../../components/checks/readSettings.ts";
import type { ExistingSettings } from "../../../components/settings/existing.ts";
import type { Settings } from "../../../components/settings/settings.ts";
import { problemLine } from "../../../components/values/problem.ts";
import { totalUsd } from "../shared/cost/cost.ts";
import { readStackFile, stacksIn } from "../shared/stackFile.ts";
import { originOf } from "../shared/stackSettings.ts";
import { UserError } from "../shared/userError.ts";
import { costOf } from "./cost.ts";
import type { Asked, Environment } from "./environment.ts";
import { forcedUpgrade } from "./support.ts";

/**
 * Every environment of a project, by the name of its stack.
 * @param root folder of the project, which holds `stacks/`
 */
export async function environments(root: string, today: Date): Promise<Environment[]> {
  const all: Environment[] = [];
  // One after the other: a recording takes the SDK as a whole.
  for (const stack of stacksIn(root)) all.push(await environment(stack, root, today));
  return all.map((one) => withCollisions(one, all));
}

async function environment(stack: string, root: string, today: Date): Promise<Environment> {
  const file = `stacks/Pulumi.${stack}.yaml`;
  try {
    const origin = { ...originOf(readStackFile({ stack }, root)), today };
    const reading = takesExisting(origin) ? readExistingSettings(origin) : readSettings(origin);
    const { settings } = reading;
    if (settings === undefined) {
      return { stack, file, problems: reading.problems.map(problemLine), warnings: [], asked: null };
    }
    if (!("nodePools" in settings))
      return { stack, file, problems: [], warnings: [], asked: taken(settings) };
    const asked = await made(settings, origin.config);
    return { stack, file, problems: [], warnings: advice(settings, today), asked };
  } catch (error) {
    return { stack, file, problems: messageOf(error, file).split("\n"), warnings: [], asked: null };
  }
}

function messageOf(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof UserError ? error.message.replace(`${file}: `, "") : error.message;
}

async function made(settings: Settings, config: Readonly<Record<string, string>>): Promise<Asked> {
  const { calico, cluster, kubeProxy } = settings;
  const items = await costOf(settings, config);
  const upgrade = forcedUpgrade(cluster);
  return {
    ...placeOf(settings),
    cluster: cluster.name,
    kubernetesVersion: cluster.kubernetesVersion,
    calicoVersion: calico.version,
    dataplane: calico.dataplane,
    externalService: calico.externalService,
    kubeProxy,
    usdPerMonth: Math.round(totalUsd(items) * 100) / 100,
    isPriceComplete: items.every(({ usdPerMonth }) => usdPerMonth !== undefined),
    forcedUpgradeAfter: upgrade?.lastDay ?? null,
    standardPriceUntil: upgrade?.lastStandardDay ?? null,
  };
}

function taken(settings: ExistingSettings): Asked {
  const { calico, cluster, kubeProxy } = settings;
  return {
    ...placeOf(settings),
    cluster: cluster.kind === "eks" ? cluster.name : cluster.file,
    kubernetesVersion: null,
    calicoVersion: null,
    dataplane: calico.dataplane,
    externalService: calico.externalService,
    kubeProxy,
    usdPerMonth: null,
    isPriceComplete: false,
    forcedUpgradeAfter: null,
    standardPriceUntil: null,
  };
}

function placeOf({ account: { id, roleArn }, region }: Settings | ExistingSettings) {
  return { region, account: id ?? (roleArn === undefined ? null : accountOf(roleArn)) };
}

/** Two stacks that would fight over one cluster. Accounts that are not said count as the same. */
function withCollisions(one: Environment, all: readonly Environment[]): Environment {
  const { asked } = one;
  if (asked === null) return one;
  const rivals = all.filter(
    ({ stack, asked: other }) =>
      stack !== one.stack &&
      other?.cluster === asked.cluster &&
      other.region === asked.region &&
      (other.account ?? asked.account) === (asked.account ?? other.account),
  );
  const problems = rivals.map(({ stack }) =>
    problemLine({
      path: "cluster.name",
      found: `stack ${stack} has ${asked.cluster} in ${asked.region}, too`,
      needs: "everything in AWS is named after it",
      fix: "Choose another name, or set account.id in both",
    }),
  );
  return { ...one, problems: [...one.problems, ...problems] };
}
