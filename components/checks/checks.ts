import { clusterNameNeeds, isClusterName } from "../settings/cluster.ts";
import { formProblems } from "../settings/formProblems.ts";
import { foreignProblems, regionOf, writtenSettings } from "../settings/namespaces.ts";
import { inFileOrder } from "../settings/paths.ts";
import { type StackSettings, settingsSchema } from "../settings/schema.ts";
import { deepFreeze, type NodePoolSettings, type Settings, type Surroundings } from "../settings/settings.ts";
import type { Found, Problem } from "../values/problem.ts";
import { accessProblems, creatorProblems, newNetworkProblems } from "./access.ts";
import { accountProblems, arnProblems, policyAccountProblems } from "./account.ts";
import {
  addonConfigurationProblems,
  addonProblems,
  addonVersionProblems,
  chartImageProblems,
  loadBalancerProblems,
  loadBalancerSubnetProblems,
} from "./addons.ts";
import { addressProblems } from "./addresses.ts";
import { autoscalingProblems } from "./autoscaling.ts";
import { dataplaneProblems, kubeProxyProblems, wayOutProblems } from "./calico.ts";
import { dsrProblems } from "./dsr.ts";
import { felixProblems } from "./felix.ts";
import { fixedSettingsProblems } from "./fixedSettings.ts";
import { existingNetworkProblems, regionZoneProblems, zoneProblems } from "./network.ts";
import { policyProblems } from "./networkPolicies.ts";
import { hostPortProblems, nodeFirewallProblems, observabilityProblems } from "./nodeFirewall.ts";
import { kernelProblems, releaseKernelProblems } from "./nodeKernels.ts";
import { nodePoolProblems } from "./nodePools.ts";
import { vpcProblems } from "./nodeSubnets.ts";
import { withCniDefaults, withoutEffect } from "./podNetwork.ts";
import { quotaProblems } from "./quotas.ts";
import { upgradeProblems, versionProblems } from "./versions.ts";
import { vpcCniProblems } from "./vpcCni.ts";

/** Every problem in the settings that can be found without AWS, in the order of the stack file. */
export function checkSettings(settings: Settings, today: Date): Problem[] {
  const problems = [
    accountProblems(settings),
    arnProblems(settings),
    zoneProblems(settings),
    addressProblems(settings),
    settings.network.existing === undefined ? vpcProblems(settings) : [],
    versionProblems(settings, today),
    accessProblems(settings),
    nodePoolProblems(settings),
    vpcCniProblems(settings),
    autoscalingProblems(settings),
    chartImageProblems(settings),
    kernelProblems(settings),
    dsrProblems(settings),
    dataplaneProblems(settings),
    wayOutProblems(settings),
    felixProblems(settings),
    kubeProxyProblems(settings),
    policyProblems(settings),
    hostPortProblems(settings),
    nodeFirewallProblems(settings),
    observabilityProblems(settings),
    loadBalancerProblems(settings),
    addonProblems(settings),
    quotaProblems(settings),
  ].flat();
  return inFileOrder(problems, settings);
}

/** Every problem in settings that passed `checkSettings`, given what AWS reports, in the order of the stack file. */
export function checkSurroundings(settings: Settings, surroundings: Surroundings): Problem[] {
  const { existing } = surroundings;
  const network =
    existing === undefined
      ? regionZoneProblems(settings, surroundings)
      : existingNetworkProblems(settings, existing, surroundings);
  return inFileOrder(
    [
      ...network,
      ...latestReleases(settings, surroundings),
      ...upgradeProblems(settings, surroundings.previous),
      ...newNetworkProblems(settings, surroundings),
      ...creatorProblems(settings, surroundings),
      ...fixedSettingsProblems(settings, surroundings.previous),
      ...policyAccountProblems(settings, surroundings),
      ...addonVersionProblems(settings, surroundings),
      ...addonConfigurationProblems(settings, surroundings),
      ...loadBalancerSubnetProblems(settings, surroundings),
    ],
    settings,
  );
}

function latestReleases(settings: Settings, { pools }: Surroundings): Problem[] {
  return Object.entries(pools).flatMap(([name, pool]) =>
    pool.release === "latest" ? releaseKernelProblems(name, pool, pool.amiRelease, settings) : [],
  );
}

/** Where the settings come from. */
export interface Origin {
  /** Configuration from the engine: full key to text, JSON where it is a list or a mapping. */
  readonly config: Readonly<Record<string, string>>;
  readonly project: string;
  readonly stack: string;
  /** Day for which support dates are checked. */
  readonly today: Date;
}

/** The settings, frozen, or every problem in them. */
export type Reading =
  | { readonly settings: Settings; readonly problems: readonly [] }
  | { readonly settings?: never; readonly problems: readonly Problem[] };

/**
 * Reads a stack's configuration. Every problem of form is reported at once, in the order of the schema; the rules are
 * checked only when the form is valid.
 */
export function readSettings(origin: Origin): Reading {
  const written = writtenSettings(origin);
  const parsed = settingsSchema.safeParse(withCniDefaults(written));
  const outside = [
    foreignProblems(origin),
    defaultNameProblems(written, origin),
    besideExisting(written),
    withoutEffect(written),
  ].flat();
  if (parsed.data === undefined) {
    return { problems: inFileOrder([...outside, ...formProblems(parsed.error.issues, written)], written) };
  }
  const settings = complete(parsed.data, origin);
  const problems = [...outside, ...checkSettings(settings, origin.today)];
  if (problems.length === 0) return { settings: deepFreeze(settings), problems: [] };
  return { problems: inFileOrder(problems, settings) };
}

/** The default name combines the project's and the stack's, and may be too long. */
function defaultNameProblems({ cluster }: Readonly<Record<string, unknown>>, origin: Origin): Found {
  const name = defaultName(origin);
  const isUnset = typeof cluster === "object" && cluster !== null && !("name" in cluster);
  if (!isUnset || isClusterName(name)) return [];
  return {
    path: "cluster.name",
    found: `the default is ${name}, from the names of project and stack`,
    needs: clusterNameNeeds,
    fix: "Set cluster.name",
  };
}

/** Settings of a new network have no effect on an existing one; nodeZones has a rule. */
function besideExisting({ network }: Readonly<Record<string, unknown>>): Problem[] {
  if (typeof network !== "object" || network === null || !("existing" in network)) return [];
  return ["vpcCidr", "nodePrefix", "natGateway", "flowLogs"]
    .filter((key) => key in network)
    .map((key) => ({
      path: `network.${key}`,
      found: "no effect",
      needs: "network.existing names an existing network, adopted",
      fix: "Remove one of the two",
    }));
}

function defaultName({ project, stack }: Origin): string {
  return `${project}-${stack}`;
}

function complete(parsed: StackSettings, origin: Origin): Settings {
  const { config, project, stack } = origin;
  return {
    ...parsed,
    project,
    stack,
    region: regionOf(config),
    profile: config["aws:profile"],
    cluster: { ...parsed.cluster, name: parsed.cluster.name ?? defaultName(origin) },
    nodePools: Object.fromEntries(
      Object.entries(parsed.nodePools).map(([name, pool]) => [name, withInstanceTypes(pool)]),
    ),
  };
}

const defaultInstanceTypes = { x86_64: "m7i.large", arm64: "m7g.large" } as const;

function withInstanceTypes(pool: StackSettings["nodePools"][string]): NodePoolSettings {
  return { ...pool, instanceTypes: pool.instanceTypes ?? [defaultInstanceTypes[pool.architecture]] };
}
