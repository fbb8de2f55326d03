import type { Settings, Surroundings } from "../settings/settings.ts";
import { subnetRole } from "../specs/loadBalancers.ts";
import { listed, type Problem } from "../values/problem.ts";

const path = "loadBalancers";

/** Zones that an Application Load Balancer needs. Source: Elastic Load Balancing user guide (2026-11). */
const neededZones = 2;

/** Rules on load balancers that need no look-up. */
export function loadBalancerProblems({ loadBalancers, network }: Settings): Problem[] {
  if (!loadBalancers || network.existing !== undefined || network.natGateway !== "None") return [];
  return [
    {
      path,
      found: "the load balancer controller must reach public.ecr.aws and the API of Elastic Load Balancing",
      needs: "network.natGateway is None, so nodes cannot reach them",
      fix: "Set network.natGateway: Single, or loadBalancers: false",
    },
  ];
}

/** Whether an existing network has public subnets for load balancers, in two zones. */
export function loadBalancerSubnetProblems(
  { loadBalancers, network }: Settings,
  { existing }: Pick<Surroundings, "existing">,
): Problem[] {
  if (!loadBalancers || network.existing === undefined) return [];
  const subnets = existing?.loadBalancerSubnets ?? [];
  const zones = [...new Set(subnets.map(({ zone }) => zone))].toSorted();
  if (zones.length >= neededZones) return [];
  const { vpcId } = network.existing;
  return [
    {
      path,
      found:
        zones.length === 0
          ? `${vpcId} has no subnet with the tag ${subnetRole.public}`
          : `the subnets of ${vpcId} with the tag ${subnetRole.public} are all in ${listed(zones)}`,
      needs: "a public load balancer needs subnets in two zones",
      fix: `Tag a public subnet in each of two zones with ${subnetRole.public}=1, or set loadBalancers: false`,
    },
  ];
}
