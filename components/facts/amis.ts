import type { accelerators } from "./instanceTypes.ts";
import type { kubernetesVersions } from "./versions.ts";

/** One image of an operating system. */
export interface AmiVariant {
  /** `amiType` of a managed node group; an architecture without one has no such image. */
  readonly amiTypes: Readonly<Partial<Record<Architecture, string>>>;
  /** SSM parameter that holds the recommended release; `{kubernetes}` and `{architecture}` are placeholders. */
  readonly releaseParameter: string;
}

/** The image with the driver of an accelerator. */
export interface AcceleratedAmi extends AmiVariant {
  /** Families with this accelerator that the image does not support. */
  readonly without: readonly string[];
  /** Whether the image has the accelerator's Kubernetes device plugin. */
  readonly hasDevicePlugin: boolean;
}

/** One operating system for nodes. */
export interface Ami extends AmiVariant {
  readonly amiTypes: Readonly<Record<Architecture, string>>;
  /** The images for accelerators, by accelerator. */
  readonly accelerated: Readonly<Record<keyof typeof accelerators, AcceleratedAmi>>;
  /** Kernel series by Kubernetes minor version. */
  readonly kernelSeries: Readonly<Record<keyof typeof kubernetesVersions, string>>;
  /** First release for each Kubernetes minor version, where releases are numbered by the operating system. */
  readonly firstRelease?: Readonly<Record<keyof typeof kubernetesVersions, string>>;
  /** Source of the regular expression for a release; a release that begins with Kubernetes has it as group `kubernetes`. */
  readonly releasePattern: string;
  /** An example release, for messages. */
  readonly releaseExample: string;
  /** Device of the volume that holds images and pods. */
  readonly dataDevice: string;
  /** Device of the operating system's volume, where it is a different one. */
  readonly systemDevice?: string;
  /** Directory for the FlexVolume driver: an absolute path. */
  readonly flexVolumePath: string;
}

type Architecture = "x86_64" | "arm64";

/**
 * Operating systems for nodes. Sources, read 2026-11-20:
 * AMI types: boto/botocore EKS 2017-11-01 model (2026-08-07). SSM parameters: eksctl-io/eksctl pkg/ami/ssm_resolver.go and
 * the EKS user guide's retrieve-ami-id pages. AL2023 kernels, releases: awslabs/amazon-eks-ami CHANGELOG.md (v20260714).
 * Bottlerocket kernels and first releases: bottlerocket-os/bottlerocket#4620 and #4640 (1.47.0, Kubernetes 1.34), #4737
 * (1.53.0, 1.35), #4841 (1.61.0, 1.36). Bottlerocket's example: entigolabs/entigo-infralib#1488 (2026-09).
 * FlexVolume: tigera/docs operations/ebpf/install.mdx (Bottlerocket) and the operator's default elsewhere.
 * Devices: EKS user guide, launch-templates, and bottlerocket README (root on xvda, data on xvdb).
 * Accelerated images, read 2026-11-27: EKS user guide, ml-eks-optimized-ami (families, device plugins) and retrieve-ami-id;
 * their releases and kernels are those of the standard image (awslabs/amazon-eks-ami CHANGELOG.md, v20260714).
 */
export const amis = {
  AL2023: {
    amiTypes: { x86_64: "AL2023_x86_64_STANDARD", arm64: "AL2023_ARM_64_STANDARD" },
    releaseParameter:
      "/aws/service/eks/optimized-ami/{kubernetes}/amazon-linux-2023/{architecture}/standard/recommended/release_version",
    accelerated: {
      NVIDIA: {
        amiTypes: { x86_64: "AL2023_x86_64_NVIDIA", arm64: "AL2023_ARM_64_NVIDIA" },
        releaseParameter:
          "/aws/service/eks/optimized-ami/{kubernetes}/amazon-linux-2023/{architecture}/nvidia/recommended/release_version",
        without: [],
        hasDevicePlugin: false,
      },
      Neuron: {
        amiTypes: { x86_64: "AL2023_x86_64_NEURON" },
        releaseParameter:
          "/aws/service/eks/optimized-ami/{kubernetes}/amazon-linux-2023/{architecture}/neuron/recommended/release_version",
        without: [],
        hasDevicePlugin: false,
      },
    },
    kernelSeries: { "1.34": "6.12", "1.35": "6.12", "1.36": "6.18" },
    releasePattern: "^(?<kubernetes>1\\.\\d{2})\\.\\d{1,2}-20\\d{6}$",
    releaseExample: "1.35.6-20260714",
    dataDevice: "/dev/xvda",
    flexVolumePath: "/usr/libexec/kubernetes/kubelet-plugins/volume/exec/",
  },
  Bottlerocket: {
    amiTypes: { x86_64: "BOTTLEROCKET_x86_64", arm64: "BOTTLEROCKET_ARM_64" },
    releaseParameter: "/aws/service/bottlerocket/aws-k8s-{kubernetes}/{architecture}/latest/image_version",
    accelerated: {
      NVIDIA: {
        amiTypes: { x86_64: "BOTTLEROCKET_x86_64_NVIDIA", arm64: "BOTTLEROCKET_ARM_64_NVIDIA" },
        releaseParameter:
          "/aws/service/bottlerocket/aws-k8s-{kubernetes}-nvidia/{architecture}/latest/image_version",
        without: ["p6e-gb200", "p6e-gb300"],
        hasDevicePlugin: true,
      },
      // The standard image loads the driver where it finds the device.
      Neuron: {
        amiTypes: { x86_64: "BOTTLEROCKET_x86_64" },
        releaseParameter:
          "/aws/service/bottlerocket/aws-k8s-{kubernetes}/{architecture}/latest/image_version",
        without: [],
        hasDevicePlugin: false,
      },
    },
    kernelSeries: { "1.34": "6.12", "1.35": "6.12", "1.36": "6.18" },
    firstRelease: { "1.34": "1.47.0", "1.35": "1.53.0", "1.36": "1.61.0" },
    // Not eight digits, which would be a date: AL2023's releases end in one.
    releasePattern: "^1\\.\\d{1,3}\\.\\d{1,2}-(?!20\\d{6}$)[0-9a-f]{8}$",
    releaseExample: "1.65.0-0be31b34",
    dataDevice: "/dev/xvdb",
    systemDevice: "/dev/xvda",
    // The root file system is read-only.
    flexVolumePath: "/var/lib/kubelet/plugins",
  },
} as const satisfies Record<string, Ami>;

/**
 * Kernels of AL2023 releases, both architectures: those around the kernel that broke Calico's connect-time load balancer,
 * and recent ones. A release without a row counts as its series. Source: awslabs/amazon-eks-ami CHANGELOG.md at 81fec2e8
 * (2026-07-23), read 2026-11-20.
 */
export const releaseKernels = {
  "1.34.1-20251023": "6.12.46-66.121.amzn2023",
  "1.34.1-20251029": "6.12.53-69.119.amzn2023",
  "1.34.1-20251108": "6.12.53-69.119.amzn2023",
  "1.34.1-20251112": "6.12.55-74.119.amzn2023",
  "1.34.2-20251209": "6.12.58-82.121.amzn2023",
  "1.34.8-20260610": "6.12.90-120.164.amzn2023",
  "1.34.9-20260714": "6.12.94-123.180.amzn2023",
  "1.35.4-20260505": "6.12.80-106.156.amzn2023",
  "1.35.5-20260610": "6.12.90-120.164.amzn2023",
  "1.35.6-20260625": "6.12.92-122.166.amzn2023",
  "1.35.6-20260714": "6.12.94-123.180.amzn2023",
  "1.36.2-20260714": "6.18.36-69.138.amzn2023",
} as const satisfies Record<string, string>;
