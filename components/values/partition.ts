import { ownDomain, partitions } from "../facts/partitions.ts";

/** A part of AWS, as ARNs name it. */
export type Partition = keyof typeof partitions;

const names = Object.keys(partitions) as Partition[];

/** The part of AWS that a region belongs to. */
export function partitionOf(region: string): Partition {
  return names.find((name) => partitions[name].regions.some((prefix) => region.startsWith(prefix))) ?? "aws";
}

/** Whether the services of a partition have the names that this program writes. */
export function isSupported(partition: Partition): boolean {
  return partitions[partition].domain === ownDomain;
}

/** The supported partitions. */
export const supportedPartitions: readonly Partition[] = names.filter(isSupported);
