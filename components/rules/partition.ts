/** The part of AWS that a region belongs to, as ARNs name it. Source: AWS general reference, ARNs, partitions (2026-11). */
export function partitionOf(region: string): "aws" | "aws-cn" | "aws-us-gov" {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
