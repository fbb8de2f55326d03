/** What EC2 allows on the network, whatever sends. */
export const bandwidth = {
  /** Gbit/s of one flow between instances outside of one cluster placement group. */
  oneFlowGigabits: 5,
  /** The same inside of one. */
  oneFlowInPlacementGroupGigabits: 10,
  source: "EC2 user guide, ec2-instance-network-bandwidth: single-flow traffic; read 2026-11-21",
} as const;

/** Families whose processor runs on credits, by the letter their names begin with, as t3.large does. */
export const burstableProcessor = {
  pattern: /^t\d/,
  source: "EC2 user guide, burstable-performance-instances: T2, T3, T3a, T4g; read 2026-11-21",
} as const;
