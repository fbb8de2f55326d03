interface PartitionFacts {
  /** Prefixes of its regions; none: every region that matches no other row. */
  readonly regions: readonly string[];
  /** Domain of its service endpoints and service principals. */
  readonly domain: string;
}

/**
 * AWS partitions, by their name in ARNs. Those with the domain amazonaws.com work with this program, which writes it into
 * trust policies and endpoints. Sources: boto/botocore 1.43.11 partitions.json and endpoints.json; AWS general reference,
 * ARNs, partitions. Read 2026-11-27.
 */
export const partitions = {
  aws: { regions: [], domain: "amazonaws.com" },
  "aws-cn": { regions: ["cn-"], domain: "amazonaws.com.cn" },
  "aws-us-gov": { regions: ["us-gov-"], domain: "amazonaws.com" },
  "aws-iso": { regions: ["us-iso-"], domain: "c2s.ic.gov" },
  "aws-iso-b": { regions: ["us-isob-"], domain: "sc2s.sgov.gov" },
  "aws-iso-e": { regions: ["eu-isoe-"], domain: "cloud.adc-e.uk" },
  "aws-iso-f": { regions: ["us-isof-"], domain: "csp.hci.ic.gov" },
  "aws-eusc": { regions: ["eusc-"], domain: "amazonaws.eu" },
} as const satisfies Readonly<Record<string, PartitionFacts>>;

/** Domain that this program writes. */
const ownDomain = "amazonaws.com";

/** An AWS partition, named as in ARNs. */
export type Partition = keyof typeof partitions;

const names = Object.keys(partitions) as Partition[];

/** The partition of a region. */
export function partitionOf(region: string): Partition {
  return names.find((name) => partitions[name].regions.some((prefix) => region.startsWith(prefix))) ?? "aws";
}

/** Whether the services of a partition have the names that this program writes. */
export function isSupported(partition: Partition): boolean {
  return partitions[partition].domain === ownDomain;
}

/** The supported partitions. */
export const supportedPartitions: readonly Partition[] = names.filter(isSupported);
