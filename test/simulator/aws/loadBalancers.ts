import { freeAddresses } from "./addresses.ts";
import type { Cloud } from "./model.ts";
import { types } from "./types.ts";
import { text } from "./values.ts";

/** Tag of the subnets in which the AWS Load Balancer Controller puts public load balancers. */
const roleTag = "kubernetes.io/role/elb";

/** Zones that a load balancer has to be in, by its kind; free addresses that each subnet needs (ELB user guides, subnets). */
const neededZones = { application: 2, network: 1 } as const;
const neededAddresses = 8;

/**
 * Why Elastic Load Balancing refuses a public load balancer that the controller asks for; undefined: it makes one. The words
 * are those of the controller's events.
 */
export function loadBalancerProblem(
  cloud: Pick<Cloud, "ofType">,
  vpcId: string,
  kind: keyof typeof neededZones,
): string | undefined {
  const subnets = cloud
    .ofType(types.subnet)
    .filter(({ inputs }) => text(inputs, "vpcId") === vpcId && hasRole(inputs["tags"]));
  const zones = new Set(subnets.map(({ inputs }) => text(inputs, "availabilityZone")));
  if (zones.size === 0) {
    return "couldn't auto-discover subnets: unable to resolve at least one subnet";
  }
  if (zones.size < neededZones[kind]) {
    return "ValidationError: At least two subnets in two different Availability Zones must be specified";
  }
  const full = subnets.find((subnet) => freeAddresses(cloud, subnet).length < neededAddresses);
  if (full !== undefined) {
    return `InvalidSubnet: Not enough IP space available in ${full.id}. ELB requires at least 8 free IP addresses in each subnet.`;
  }
  const isOpen = cloud.ofType(types.internetGateway).some(({ inputs }) => text(inputs, "vpcId") === vpcId);
  return isOpen ? undefined : `InvalidSubnet: VPC ${vpcId} has no internet gateway`;
}

/** The tag counts with either value. */
function hasRole(tags: unknown): boolean {
  const value = typeof tags === "object" && tags !== null ? Reflect.get(tags, roleTag) : undefined;
  return value === "1" || value === "";
}
