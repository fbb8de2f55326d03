import type { Instance } from "../world/instance.ts";

type Family = Instance["family"];
type Architecture = Instance["architecture"];

interface Ami {
  /** What the public SSM parameter names as the newest release. */
  readonly release: string;
  /** Kernel of that release. */
  readonly kernel: string;
}

/**
 * AMIs of the simulated EKS. Kernels: awslabs/amazon-eks-ami CHANGELOG.md. Releases: entigolabs/entigo-infralib#1469 and #1488 (1.34 and
 * 1.35, Bottlerocket); that of 1.36 is made up in their form.
 */
const amis: Readonly<Record<Family, Readonly<Record<string, Ami>>>> = {
  AL2023: {
    "1.34": { release: "1.34.7-20260512", kernel: "6.12.94" },
    "1.35": { release: "1.35.7-20260903", kernel: "6.12.94" },
    "1.36": { release: "1.36.2-20260903", kernel: "6.18.36" },
  },
  Bottlerocket: {
    "1.34": { release: "1.65.0-0be31b34", kernel: "6.12.94" },
    "1.35": { release: "1.65.0-0be31b34", kernel: "6.12.94" },
    "1.36": { release: "1.65.0-0be31b34", kernel: "6.18.36" },
  },
};

/** Kernels of older releases that matter: the one that broke Calico's CTLB program (awslabs/amazon-eks-ami#2511). */
const olderKernels: Readonly<Record<string, string>> = { "20251105": "6.12.53" };

type PerKubernetes = Readonly<Record<string, readonly string[]>>;

/** Minor versions of an add-on by Kubernetes version, the default one first; or the same for every Kubernetes version. */
const addonSeries: Readonly<Record<string, PerKubernetes | readonly string[]>> = {
  coredns: { "1.34": ["v1.12", "v1.13"], "1.35": ["v1.13", "v1.12"], "1.36": ["v1.14", "v1.13"] },
  "kube-proxy": { "1.34": ["v1.34"], "1.35": ["v1.35"], "1.36": ["v1.36"] },
  "eks-pod-identity-agent": ["v1.3"],
  "aws-ebs-csi-driver": ["v1.62", "v1.61"],
  "snapshot-controller": ["v8.3"],
  "metrics-server": ["v0.8", "v0.7"],
  "cert-manager": { "1.34": ["v1.18"], "1.35": ["v1.19", "v1.18"], "1.36": ["v1.19"] },
  "vpc-cni": ["v1.21", "v1.22", "v1.23"],
};

function seriesOf(addonName: string, kubernetesVersion: string): readonly string[] {
  const series = addonSeries[addonName] ?? [];
  if (!("length" in series)) return series[kubernetesVersion] ?? [];
  return kubernetesVersions.includes(kubernetesVersion) ? (series as readonly string[]) : [];
}

export const kubernetesVersions: readonly string[] = Object.keys(amis.AL2023);

/** Driver of an AMI: of an accelerator, or none. */
type Driver = "NVIDIA" | "NEURON" | "none";

/** `AL2023_x86_64_STANDARD` → what it is; undefined for types that the simulation does not have. */
export function amiType(
  name: string,
): { family: Family; architecture: Architecture; driver: Driver } | undefined {
  const found =
    /^(?:AL2023_(?<al2023>x86_64_(?:STANDARD|NVIDIA|NEURON)|ARM_64_(?:STANDARD|NVIDIA))|BOTTLEROCKET_(?<bottlerocket>(?:x86_64|ARM_64)(?:_NVIDIA)?))$/.exec(
      name,
    )?.groups;
  if (found === undefined) return undefined;
  return {
    family: found["al2023"] === undefined ? "Bottlerocket" : "AL2023",
    architecture: name.includes("ARM_64") ? "arm64" : "x86_64",
    driver: name.endsWith("NVIDIA") ? "NVIDIA" : name.endsWith("NEURON") ? "NEURON" : "none",
  };
}

export function newestRelease(family: Family, kubernetesVersion: string): string | undefined {
  return amis[family][kubernetesVersion]?.release;
}

/** Whether a release has the form of the family, and is one for the version where its form tells. */
export function isRelease(family: Family, kubernetesVersion: string, release: string): boolean {
  if (family === "Bottlerocket") return /^1\.\d+\.\d+-[0-9a-f]{8}$/.test(release);
  return /^\d+\.\d+\.\d+-\d{8}$/.test(release) && release.startsWith(`${kubernetesVersion}.`);
}

/** What `uname -r` prints on a node. */
export function kernelOf(
  family: Family,
  architecture: Architecture,
  kubernetesVersion: string,
  release: string,
): string {
  const series =
    olderKernels[release.split("-").at(-1) ?? ""] ?? amis[family][kubernetesVersion]?.kernel ?? "unknown";
  if (family === "Bottlerocket") return series;
  return `${series}-123.amzn2023.${architecture === "arm64" ? "aarch64" : "x86_64"}`;
}

/** The version of an add-on that EKS gives by default, in EKS's form; its last numbers are made up. */
export function addonVersion(addonName: string, kubernetesVersion: string): string | undefined {
  const [series] = seriesOf(addonName, kubernetesVersion);
  return series === undefined ? undefined : `${series}.3-eksbuild.2`;
}

/** Whether EKS has this version of an add-on for a Kubernetes version. */
export function isAddonVersion(addonName: string, kubernetesVersion: string, version: string): boolean {
  const [, series = ""] = /^(v\d+\.\d+)\.\d+-eksbuild\.\d+$/.exec(version) ?? [];
  return seriesOf(addonName, kubernetesVersion).includes(series);
}

/** The value of a public SSM parameter about AMIs; undefined when there is no such parameter. */
export function amiParameter(name: string): string | undefined {
  const [, al2023 = "", al2023Field] =
    /^\/aws\/service\/eks\/optimized-ami\/([\d.]+)\/amazon-linux-2023\/(?:(?:x86_64|arm64)\/(?:standard|nvidia)|x86_64\/neuron)\/recommended\/(release_version|image_id|image_name)$/.exec(
      name,
    ) ?? [];
  const [, bottlerocket = "", bottlerocketField] =
    /^\/aws\/service\/bottlerocket\/aws-k8s-([\d.]+)(?:-nvidia)?\/(?:x86_64|arm64)\/latest\/(image_version|image_id)$/.exec(
      name,
    ) ?? [];
  const field = al2023Field ?? bottlerocketField;
  const release =
    al2023Field === undefined ? newestRelease("Bottlerocket", bottlerocket) : newestRelease("AL2023", al2023);
  if (field === undefined || release === undefined) return undefined;
  if (field === "image_id") return `ami-0${Buffer.from(release).toString("hex").slice(0, 16)}`;
  return field === "image_name" ? `amazon-eks-node-al2023-${release}` : release;
}

/** Driver that the accelerator of a type needs; `unknown`: of one without an AMI. EKS user guide, ml-eks-optimized-ami. */
function neededDriver(instanceType: string): Driver | "unknown" {
  const [family = ""] = instanceType.split(".");
  if (/^(?:inf[12]|trn(?:1n?|2))$/.test(family)) return "NEURON";
  if (/^(?:g4dn|g5g?|g6[ef]?|g7e|gr6f?|p3(?:dn)?|p4de?|p5(?:en?)?|p6-b[23]00|p6e-gb[23]00)$/.test(family)) {
    return "NVIDIA";
  }
  return /^(dl|f|g|gr|inf|p|trn|vt)\d/.test(family) ? "unknown" : "none";
}

/** Whether EKS refuses a type for a node group with an accelerated AMI. */
export function isOfOtherDriver(instanceType: string, { driver }: { driver: Driver }): boolean {
  return driver !== "none" && neededDriver(instanceType) !== driver;
}

/** Why a node of the type does not start with an AMI, or has no use of its accelerator (choosing-instance-type). */
export function bootProblem(instanceType: string, ami: ReturnType<typeof amiType>): string | undefined {
  if (/^a1\./.test(instanceType)) {
    return "kernel panic: this version of Amazon Linux requires a newer ARM64 processor compliant with at least ARM architecture 8.2-a";
  }
  const needed = neededDriver(instanceType);
  // Bottlerocket's standard image has Neuron's driver.
  const has = needed === "NEURON" && ami?.family === "Bottlerocket" ? needed : ami?.driver;
  return needed === "none" || needed === has ? undefined : "the AMI has no driver for the accelerator";
}

/** Architecture by the family's name, as AWS names them: `g` after the generation means Graviton; a1 is the oldest. */
export function architectureOf(instanceType: string): Architecture | undefined {
  const [, name, attributes = ""] =
    /^(a1|u-\d+tb1|u7i[nh]*-\d+tb|[a-z]+\d+)([a-z-]*)\.(?:nano|micro|small|medium|large|\d*xlarge|metal(?:-\d+xl)?)$/.exec(
      instanceType,
    ) ?? [];
  if (name === undefined) return undefined;
  return name === "a1" || attributes.split("-").at(0)?.includes("g") === true ? "arm64" : "x86_64";
}
