import { inFileOrder } from "../settings/paths.ts";
import type { Settings, Surroundings } from "../settings/settings.ts";
import type { Problem } from "../values/problem.ts";
import { accessProblems, creatorProblems, newNetworkProblems } from "./access.ts";
import { accountProblems, arnProblems, policyAccountProblems } from "./account.ts";
import { addonConfigurationProblems, addonProblems, addonVersionProblems } from "./addons.ts";
import { addressProblems } from "./addresses.ts";
import { autoscalingProblems } from "./autoscaling.ts";
import { dataplaneProblems, kubeProxyProblems, wayOutProblems } from "./calico.ts";
import { chartImageProblems } from "./charts.ts";
import { dsrProblems } from "./dsr.ts";
import { felixProblems } from "./felix.ts";
import { fixedSettingsProblems } from "./fixedSettings.ts";
import { hostPortProblems, observabilityProblems } from "./hostPorts.ts";
import { loadBalancerProblems, loadBalancerSubnetProblems } from "./loadBalancers.ts";
import { existingNetworkProblems, regionZoneProblems, zoneProblems } from "./network.ts";
import { policyProblems } from "./networkPolicies.ts";
import { nodeFirewallProblems } from "./nodeFirewall.ts";
import { kernelProblems, releaseKernelProblems } from "./nodeKernels.ts";
import { nodePoolProblems } from "./nodePools.ts";
import { vpcProblems } from "./nodeSubnets.ts";
import { quotaProblems } from "./quotas.ts";
import { upgradeProblems, versionProblems } from "./versions.ts";
import { vpcCniProblems } from "./vpcCni.ts";

/** Every problem in the settings that can be found without AWS, in the order of the stack file. */
export function checkSettings(settings: Settings, today: Date): Problem[] {
  const problems = [
    ...accountProblems(settings),
    ...arnProblems(settings),
    ...zoneProblems(settings),
    ...addressProblems(settings),
    ...(settings.network.existing === undefined ? vpcProblems(settings) : []),
    ...versionProblems(settings, today),
    ...accessProblems(settings),
    ...nodePoolProblems(settings),
    ...vpcCniProblems(settings),
    ...autoscalingProblems(settings),
    ...chartImageProblems(settings),
    ...kernelProblems(settings),
    ...dsrProblems(settings),
    ...dataplaneProblems(settings),
    ...wayOutProblems(settings),
    ...felixProblems(settings),
    ...kubeProxyProblems(settings),
    ...policyProblems(settings),
    ...hostPortProblems(settings),
    ...nodeFirewallProblems(settings),
    ...observabilityProblems(settings),
    ...loadBalancerProblems(settings),
    ...addonProblems(settings),
    ...quotaProblems(settings),
  ];
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
