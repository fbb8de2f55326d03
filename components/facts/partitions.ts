interface Partition {
  /** First letters of its regions; none: every region that no other row names. */
  readonly regions: readonly string[];
  /** Domain of its service endpoints and service principals. */
  readonly domain: string;
}

/**
 * Parts of AWS, by their name in ARNs. Those with the domain amazonaws.com work with this program, which writes it into
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
} as const satisfies Readonly<Record<string, Partition>>;

/** Domain that this program writes. */
export const ownDomain = "amazonaws.com";
