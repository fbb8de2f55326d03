/** Why a release of the VPC CNI is not for clusters with Calico's eBPF. */
interface BadVpcCni {
  readonly symptom: string;
  readonly issue: string;
}

const wipedMark = {
  symptom: "its nftables rules wipe the mark of Calico's packets, which are then dropped",
  issue: "aws/amazon-vpc-cni-k8s#3872",
} as const;

/**
 * Releases of the VPC CNI that drop the packets of Calico's eBPF programs: those since its rules are nftables' own (#3588).
 *
 * Sources, read 2026-11-27: github.com/aws/amazon-vpc-cni-k8s CHANGELOG.md and issues #3588 (in 1.23.0), #3872 and #3875, the
 * fix, which no release up to 1.23.1 has.
 */
export const badVpcCnis = {
  "1.23.0": wipedMark,
  "1.23.1": wipedMark,
} as const satisfies Record<string, BadVpcCni>;

/** The newest release that the table knows of: a later one may have the fix, or not. */
export const newestVpcCni = "1.23.1";
