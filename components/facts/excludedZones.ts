/**
 * Availability zones, by id because names differ between accounts, in which EKS takes no control-plane subnet.
 * Source: EKS user guide, network-reqs, read 2026-11-20.
 */
export const excludedZones = {
  "use1-az3": { region: "us-east-1" },
  "usw1-az2": { region: "us-west-1" },
  "cac1-az3": { region: "ca-central-1" },
} as const satisfies Record<string, { readonly region: string }>;
