import semver from "semver";
import { kernelFloors } from "../facts/versions.ts";

/** Negative when the first version is older. A minor version means its first patch: "1.36" is 1.36.0. */
export function compareVersions(one: string, other: string): number {
  return semver.compare(complete(one), complete(other));
}

/** Whether the version lies in the range: from `from`, included, to `below`, excluded. */
export function inRange(
  version: string,
  { from, below }: { readonly from: string; readonly below?: string },
): boolean {
  return semver.satisfies(complete(version), below === undefined ? `>=${from}` : `>=${from} <${below}`);
}

/** @throws TypeError for a text without a number */
function complete(version: string): semver.SemVer {
  const found = semver.coerce(version);
  if (found === null) throw new TypeError(`${version} is not a version`);
  return found;
}

/** The kernel's distribution. A kernel with only a version is Bottlerocket's or a vanilla one. */
export type Distribution =
  | "Ubuntu"
  | "RHEL"
  | "Amazon Linux 2023"
  | "Amazon Linux 2"
  | "Debian"
  | "Bottlerocket"
  | "other";

export interface Kernel {
  /** Of the sources it was built from. */
  readonly version: readonly [major: number, minor: number, patch: number];
  readonly distribution: Distribution;
  /** The distribution's build number, which tells what was backported: 193 of 4.18.0-193.el8. */
  readonly build?: number;
}

const version = "(?<major>\\d+)\\.(?<minor>\\d+)\\.(?<patch>\\d+)";

/** The format of each distribution; the first match counts. */
const forms: readonly { readonly distribution: Distribution; readonly form: RegExp }[] = [
  // Debian's release name stays at x.y.0 for a whole series; the real version stands after #.
  { distribution: "Debian", form: new RegExp(`^\\d\\S* .*\\bDebian ${version}-(?<build>\\d+)`) },
  {
    distribution: "Debian",
    form: new RegExp(`^${version}(?:-(?<build>\\d+))?\\S*-(?:amd64|arm64)(?:\\s|$)`),
  },
  { distribution: "Amazon Linux 2023", form: new RegExp(`^${version}-(?<build>\\d+)[\\d.]*\\.amzn2023\\b`) },
  { distribution: "Amazon Linux 2", form: new RegExp(`^${version}-(?<build>\\d+)[\\d.]*\\.amzn2\\b`) },
  // CentOS and the rebuilds print what RHEL prints; Oracle's own kernel (el8uek) is another one.
  { distribution: "RHEL", form: new RegExp(`^${version}-(?<build>\\d+)\\S*\\.el\\d+(?:_\\d+)?(?:[.\\s]|$)`) },
  { distribution: "Ubuntu", form: new RegExp(`^${version}-(?<build>\\d+)\\S* #\\S+-Ubuntu\\b`) },
  {
    distribution: "Ubuntu",
    form: new RegExp(
      `^${version}-(?<build>\\d+)-(?:generic|aws|azure|gcp|gke|ibm|kvm|lowlatency|oracle|raspi)`,
    ),
  },
  { distribution: "Bottlerocket", form: new RegExp(`^${version}(?:\\s|$)`) },
  { distribution: "other", form: new RegExp(`^${version}`) },
];

/** Reads what `uname -r` or `uname -rv` prints; undefined when it is not a kernel version. */
export function parseKernel(text: string): Kernel | undefined {
  for (const { distribution, form } of forms) {
    const groups = form.exec(text.trim())?.groups;
    if (groups !== undefined) return { ...numbersOf(groups), distribution };
  }
  return undefined;
}

/** A kernel's version as text: "6.12.94". */
export function kernelVersion(kernel: Kernel): string {
  return kernel.version.join(".");
}

/**
 * Whether a kernel is at or above a row of `kernelFloors`. RHEL 8 has an old version and new features, so its build number
 * counts.
 */
export function supportsEbpf(kernel: Kernel, floor: keyof typeof kernelFloors): boolean {
  const { mainline, rhel } = kernelFloors[floor];
  const backported =
    kernel.distribution === "RHEL" &&
    kernelVersion(kernel) === rhel.version &&
    (kernel.build ?? 0) >= rhel.build;
  return backported || compareVersions(kernelVersion(kernel), mainline) >= 0;
}

function numbersOf(groups: Record<string, string | undefined>): Pick<Kernel, "version" | "build"> {
  const { major, minor, patch, build } = groups;
  return {
    version: [Number(major), Number(minor), Number(patch)],
    ...(build === undefined ? {} : { build: Number(build) }),
  };
}
