import {
  acceleratedSeries,
  accelerators,
  architectureExceptions,
  armOption,
  familyPattern,
  series,
  unsupportedFamilies,
  vcpuExceptions,
  vcpusBySize,
  vcpusPerXlarge,
} from "../facts/instanceTypes.ts";
import { lookUp } from "./lookUp.ts";

export type Architecture = "x86_64" | "arm64";

/** Architecture of an EC2 instance type by its name; undefined: an unknown family. */
export function architectureOf(instanceType: string): Architecture | undefined {
  const { family } = parts(instanceType);
  const exception = lookUp(architectureExceptions, family);
  if (exception !== undefined) return exception;
  const name = familyName(family);
  if (name === undefined) return undefined;
  return name.options.startsWith(armOption) ? "arm64" : "x86_64";
}

/** Why no AMI of this program starts on the type, continuing "it"; undefined: no reason is known. */
export function unsupportedReason(instanceType: string): string | undefined {
  const { family } = parts(instanceType);
  // mac2 and mac-m4 are of one kind.
  return family.startsWith("mac") ? unsupportedFamilies.mac : lookUp(unsupportedFamilies, family);
}

export type Accelerator = keyof typeof accelerators;

const accelerated = Object.entries(accelerators) as [Accelerator, readonly string[]][];

/** Accelerator of an EC2 instance type; `unknown`: one for which EKS has no AMI; undefined: none. */
export function acceleratorOf(instanceType: string): Accelerator | "unknown" | undefined {
  const { family } = parts(instanceType);
  const [known] = accelerated.find(([, families]) => families.includes(family)) ?? [];
  if (known !== undefined) return known;
  const [, letters] = /^([a-z]+)\d/.exec(family) ?? [];
  return acceleratedSeries.some((one) => one === letters) ? "unknown" : undefined;
}

/** Family of an EC2 instance type: m7i for m7i.large. */
export function familyOf(instanceType: string): string {
  return parts(instanceType).family;
}

/** vCPUs of an EC2 instance type by its size, right where it matters: below 30 or not. Undefined: the size does not say. */
export function vcpusOf(instanceType: string): number | undefined {
  const { size } = parts(instanceType);
  return lookUp(vcpuExceptions, instanceType) ?? lookUp(vcpusBySize, size) ?? xlarges(size);
}

function parts(instanceType: string): { family: string; size: string } {
  const [family = "", size = ""] = instanceType.split(".");
  return { family, size };
}

function familyName(family: string): { series: string; options: string } | undefined {
  const groups = new RegExp(familyPattern).exec(family)?.groups;
  const { series: name = "", options = "" } = groups ?? {};
  return series.some((one) => one === name) ? { series: name, options } : undefined;
}

function xlarges(size: string): number | undefined {
  const count = /^(\d+)xlarge$|^metal-(\d+)xl$/
    .exec(size)
    ?.slice(1)
    .find((group) => group !== undefined);
  return count === undefined ? undefined : Number(count) * vcpusPerXlarge;
}
