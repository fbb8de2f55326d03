/**
 * The parts of a family's name: series, generation, and after it the options, of which a first `g` is Graviton. Verified against all
 * 1,263 types of getmoto/moto 5.2.1 moto/ec2/resources/instance_types.json.gz (DescribeInstanceTypes output): no type
 * contradicts it. Source of the rule: EC2 instance types guide, naming conventions. Read 2026-11-20.
 */
export const familyPattern = "^(?<series>[a-z]+?)(?<generation>\\d+)(?<options>[a-z]*)(?:-(?:flex|b\\d+))?$";

/** Series that EC2 has and that run Linux; `mac` is left out because it does not. Source as above. */
export const series = [
  "a",
  "c",
  "d",
  "dl",
  "f",
  "g",
  "gr",
  "h",
  "hpc",
  "i",
  "im",
  "inf",
  "is",
  "m",
  "p",
  "r",
  "t",
  "trn",
  "u",
  "vt",
  "x",
  "z",
] as const;

/** Letter right after the generation, the processor's, that says Graviton. Source as above. */
export const armOption = "g";

/**
 * Families whose name does not follow the rule. Source as above; p6e-gb200 and -gb300 (Grace): EC2 accelerated computing page;
 * the other high-memory families: EC2 instance types guide, memory optimized instances. Read 2026-11-27.
 */
export const architectureExceptions = {
  a1: "arm64",
  "p6e-gb200": "arm64",
  "p6e-gb300": "arm64",
  "u-3tb1": "x86_64",
  "u-6tb1": "x86_64",
  "u-9tb1": "x86_64",
  "u-12tb1": "x86_64",
  "u-18tb1": "x86_64",
  "u-24tb1": "x86_64",
  "u7i-6tb": "x86_64",
  "u7i-8tb": "x86_64",
  "u7i-12tb": "x86_64",
  "u7in-16tb": "x86_64",
  "u7in-24tb": "x86_64",
  "u7in-32tb": "x86_64",
  "u7inh-32tb": "x86_64",
} as const satisfies Record<string, "x86_64" | "arm64">;

/**
 * Families that run on no AMI of this program, by what their names begin with, with the reason, continuing "it". `a1` is the
 * first Graviton: Amazon Linux 2023 needs Armv8.2 and panics ("requires a newer ARM64 processor"), as Bottlerocket's releases
 * for these Kubernetes versions do. Sources, read 2026-11-27: EKS user guide, choosing-instance-type (a1, mac);
 * amazonlinux/amazon-linux-2023#50; aws/aws-parallelcluster#7599 (2026-09).
 */
export const unsupportedFamilies = {
  a1: "has the first Graviton processor, on which AL2023 and Bottlerocket do not start",
  mac: "runs macOS, and EKS has no AMI for it",
} as const;

/**
 * Series with an accelerator, which needs an AMI with its driver; EKS does not support them with another AMI, or their
 * accelerator does nothing there. Sources, read 2026-11-27: EKS user guide, choosing-instance-type ("Arm and non-accelerated
 * AMIs don't support g3, g4, inf and p") and ml-eks-optimized-ami; EC2 instance types guide, accelerated computing.
 */
export const acceleratedSeries = ["dl", "f", "g", "gr", "inf", "p", "trn", "vt"] as const;

/**
 * Families with an accelerator for which EKS has an AMI with the driver, by the maker's software. trn1n is trn1 with more
 * network. Source: EKS user guide, ml-eks-optimized-ami, read 2026-11-27.
 */
export const accelerators = {
  NVIDIA: [
    "g4dn",
    "g5",
    "g5g",
    "g6",
    "g6e",
    "g6f",
    "g7e",
    "gr6",
    "gr6f",
    "p3",
    "p3dn",
    "p4d",
    "p4de",
    "p5",
    "p5e",
    "p5en",
    "p6-b200",
    "p6-b300",
    "p6e-gb200",
    "p6e-gb300",
  ],
  Neuron: ["inf1", "inf2", "trn1", "trn1n", "trn2"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** How to install the device plugins, without which no pod gets an accelerator. Source as `accelerators`. */
export const devicePluginGuide =
  "https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-k8s-device-plugin.html";

/**
 * vCPUs by size. The smallest sizes have 1 or 2, which makes no difference here: only "below 30" matters. `<n>xlarge` has four per
 * n, and so has `metal-<n>xl`; plain `metal` differs by family and has no row. Source as above.
 */
export const vcpusBySize = { nano: 2, micro: 2, small: 2, medium: 2, large: 2, xlarge: 4 } as const;

/** vCPUs of one xlarge. Source as above. */
export const vcpusPerXlarge = 4;

/** Types that have fewer vCPUs than their size suggests, where it matters. Source as above. */
export const vcpuExceptions = { "hpc7a.12xlarge": 24 } as const satisfies Record<string, number>;

/** Most pods that a managed node group lets a node have. Source: EKS user guide, choosing-instance-type, read 2026-11-20. */
export const maxPodsByVcpus = { below: 30, small: 110, large: 250 } as const;
