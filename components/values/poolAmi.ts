import { type AcceleratedAmi, type Ami, type AmiVariant, amis } from "../facts/amis.ts";
import { type Accelerator, type Architecture, acceleratorOf, familyOf } from "./instanceType.ts";

/** What decides which image a pool's nodes start from. */
export interface AmiChoice {
  readonly family: keyof typeof amis;
  readonly architecture: Architecture;
  readonly instanceTypes: readonly string[];
}

/** The image that a managed node group starts. */
export interface PoolAmi extends AmiVariant {
  /** `amiType` of the node group. */
  readonly amiType: string;
  /** Accelerator whose driver the nodes use; undefined: they have none. */
  readonly accelerator: Accelerator | undefined;
  /** Whether pods get the accelerator only once a device plugin is installed. */
  readonly needsDevicePlugin: boolean;
}

/** Image of an instance type; undefined: its accelerator has no driver in any image of the family and architecture. */
export function amiOf(
  instanceType: string,
  { family, architecture }: Omit<AmiChoice, "instanceTypes">,
): PoolAmi | undefined {
  const standard: Ami = amis[family];
  const accelerator = acceleratorOf(instanceType);
  if (accelerator === undefined) return withType(standard, architecture, undefined, false);
  if (accelerator === "unknown") return undefined;
  const variant: AcceleratedAmi = standard.accelerated[accelerator];
  if (variant.without.includes(familyOf(instanceType))) return undefined;
  return withType(variant, architecture, accelerator, !variant.hasDevicePlugin);
}

/**
 * Image of a pool, which its first instance type decides.
 * @throws Error for a pool that the checks refuse.
 */
export function poolAmi(pool: AmiChoice): PoolAmi {
  const [first = ""] = pool.instanceTypes;
  const found = amiOf(first, pool);
  if (found === undefined) throw new Error(`no AMI of ${pool.family} has a driver for ${first}`);
  return found;
}

function withType(
  variant: AmiVariant,
  architecture: Architecture,
  accelerator: Accelerator | undefined,
  needsDevicePlugin: boolean,
): PoolAmi | undefined {
  const amiType = variant.amiTypes[architecture];
  return amiType === undefined ? undefined : { ...variant, amiType, accelerator, needsDevicePlugin };
}
