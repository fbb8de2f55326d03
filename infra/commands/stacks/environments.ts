import { accountOf } from "../../../components/checks/account.ts";
import { advice } from "../../../components/checks/advice.ts";
import { readSettings } from "../../../components/checks/checks.ts";
import { readExistingSettings, takesExisting } from "../../../components/checks/existing/readSettings.ts";
import { kubernetesVersions } from "../../../components/facts/versions.ts";
import type { ExistingSettings } from "../../../components/settings/existing.ts";
import type { Settings } from "../../../components/settings/settings.ts";
import { lookUp } from "../../../components/values/lookUp.ts";
import { problemLine } from "../../../components/values/problem.ts";
import { isKarpenterPool, monthlyCost, totalUsd } from "../shared/cost.ts";
import { UserError } from "../shared/errors.ts";
import type { GraphResource } from "../shared/graph.ts";
import type { Recorded } from "../shared/plan/recorder.ts";
import { readStackFile, stacksIn } from "../shared/stackFile.ts";
import { originOf } from "../shared/stackSettings.ts";
import { registration } from "./registration.ts";

/** One environment, from its stack file. The format of `npm run stacks -- --json`. */
export interface Environment {
  readonly stack: string;
  /** From the project's folder. */
  readonly file: string;
  /** Every problem in the file, a line each. Nothing else is known then. */
  readonly problems: readonly string[];
  /** The program's warnings, a sentence each. */
  readonly warnings: readonly string[];
  /** Null: the file has problems. */
  readonly requested: Requested | null;
}

/** The settings of a valid stack file. Null values: it adopts an existing cluster, and does not manage this. */
export interface Requested {
  readonly region: string;
  /** From account.id or account.roleArn; null: that of the credentials. */
  readonly account: string | null;
  readonly cluster: string;
  readonly kubernetesVersion: string | null;
  readonly calicoVersion: string | null;
  /** `Calico` or `AmazonVPC`; null: as found. */
  readonly cni: string | null;
  readonly dataplane: string;
  readonly externalService: string;
  readonly kubeProxy: string;
  /** US dollars at list price, as a rehearsal estimates them. */
  readonly usdPerMonth: number | null;
  /** Whether every part of the sum has a known price, and Karpenter adds no nodes to it. */
  readonly isPriceComplete: boolean;
  /** Last day before AWS upgrades Kubernetes by itself, ISO date. */
  readonly forcedUpgradeAfter: string | null;
  /** Last day before Kubernetes costs six times as much, ISO date; null: it never does. */
  readonly standardPriceUntil: string | null;
}

/** When AWS forces an upgrade of a cluster, and when its price rises. */
interface ForcedUpgrade {
  /** Last day before it, ISO date. */
  readonly lastDay: string;
  /** Last day at the price of standard support, ISO date; undefined: there is only standard support. */
  readonly lastStandardDay: string | undefined;
}

/** The next upgrade that AWS forces; undefined: unknown Kubernetes version. */
function forcedUpgrade({
  kubernetesVersion,
  support,
}: Pick<Settings["cluster"], "kubernetesVersion" | "support">): ForcedUpgrade | undefined {
  const row = lookUp(kubernetesVersions, kubernetesVersion);
  if (row === undefined) return undefined;
  return support === "STANDARD"
    ? { lastDay: row.standardUntil, lastStandardDay: undefined }
    : { lastDay: row.extendedUntil, lastStandardDay: row.standardUntil };
}

/** Days from one day to an ISO date; below zero: it is past. */
export function daysUntil(isoDay: string, today: Date): number {
  const midnight = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate());
  return Math.round((Date.parse(isoDay) - midnight) / 86_400_000);
}

/** The cost of a stack, from what the program registers, without the engine. */
async function costOf(
  settings: Settings,
  config: Readonly<Record<string, string>>,
): Promise<Pick<Requested, "isPriceComplete" | "usdPerMonth">> {
  const resources = (await registration(settings, config)).resources.map(asGraph);
  const items = monthlyCost(resources);
  const isKnown = items.every(({ usdPerMonth }) => usdPerMonth !== undefined);
  return {
    usdPerMonth: Math.round(totalUsd(items) * 100) / 100,
    isPriceComplete: isKnown && !resources.some(isKarpenterPool),
  };
}

/** The cluster, which the eks component registers and only the engine sees. */
function asGraph(one: Recorded): GraphResource {
  const { urn, name, custom, parent, dependsOn, inputs } = one;
  const type = one.type === "eks:index:Cluster" ? "aws:eks/cluster:Cluster" : one.type;
  return { urn, type, name, custom, parent, dependsOn, deletedWith: undefined, inputs, outputs: {} };
}

/**
 * Every environment of a project, by the name of its stack.
 * @param root folder of the project, which holds `stacks/`
 */
export async function environments(root: string, today: Date): Promise<Environment[]> {
  const all: Environment[] = [];
  // One after the other: a recording needs the whole SDK.
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
      return { stack, file, problems: reading.problems.map(problemLine), warnings: [], requested: null };
    }
    if (!("nodePools" in settings))
      return { stack, file, problems: [], warnings: [], requested: taken(settings) };
    const requested = await made(settings, origin.config);
    return { stack, file, problems: [], warnings: advice(settings, today), requested };
  } catch (error) {
    return { stack, file, problems: messageOf(error, file).split("\n"), warnings: [], requested: null };
  }
}

function messageOf(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof UserError ? error.message.replace(`${file}: `, "") : error.message;
}

async function made(settings: Settings, config: Readonly<Record<string, string>>): Promise<Requested> {
  const { calico, cluster, kubeProxy } = settings;
  const upgrade = forcedUpgrade(cluster);
  return {
    ...placeOf(settings),
    cluster: cluster.name,
    kubernetesVersion: cluster.kubernetesVersion,
    calicoVersion: calico.version,
    cni: calico.cni,
    dataplane: calico.dataplane,
    externalService: calico.externalService,
    kubeProxy,
    ...(await costOf(settings, config)),
    forcedUpgradeAfter: upgrade?.lastDay ?? null,
    standardPriceUntil: upgrade?.lastStandardDay ?? null,
  };
}

function taken(settings: ExistingSettings): Requested {
  const { calico, cluster, kubeProxy } = settings;
  return {
    ...placeOf(settings),
    cluster: cluster.kind === "eks" ? cluster.name : cluster.file,
    kubernetesVersion: null,
    calicoVersion: null,
    cni: calico.cni ?? null,
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

/** Two stacks that would manage the same cluster. Unset accounts count as the same. */
function withCollisions(one: Environment, all: readonly Environment[]): Environment {
  const { requested } = one;
  if (requested === null) return one;
  const rivals = all.filter(
    ({ stack, requested: other }) =>
      stack !== one.stack &&
      other?.cluster === requested.cluster &&
      other.region === requested.region &&
      (other.account ?? requested.account) === (requested.account ?? other.account),
  );
  const problems = rivals.map(({ stack }) =>
    problemLine({
      path: "cluster.name",
      found: `stack ${stack} has ${requested.cluster} in ${requested.region} as well`,
      needs: "names in AWS are derived from it",
      fix: "Choose another name, or set account.id in both",
    }),
  );
  return { ...one, problems: [...one.problems, ...problems] };
}
