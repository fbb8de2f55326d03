import { type Ami, amis, releaseKernels } from "../facts/amis.ts";
import {
  calicoVersions,
  type KnownBadKernel,
  type kernelFloors,
  knownBadKernels,
} from "../facts/versions.ts";
import type { NodePoolSettings, Settings } from "../settings/settings.ts";
import { lookUp } from "../values/lookUp.ts";
import { type Found, listed, type Problem } from "../values/problem.ts";
import {
  compareVersions,
  inRange,
  type Kernel,
  kernelVersion,
  parseKernel,
  supportsEbpf,
} from "../values/versions.ts";

/** A patch level above all others: a release without a row may have the newest kernel of its series. */
const newestPatch = 9999;

/** Rules on the kernels that the settings name: by family and Kubernetes, and by pinned release. */
export function kernelProblems(settings: Settings): Problem[] {
  if (settings.calico.dataplane !== "BPF") return [];
  return Object.entries(settings.nodePools).flatMap(([name, pool]) =>
    [
      seriesProblems(`nodePools.${name}.family`, pool, settings),
      pool.release === "latest" ? [] : releaseKernelProblems(name, pool, pool.release, settings),
    ].flat(),
  );
}

/** Whether Calico's programs are known not to load on the kernel of a pool's release, pinned or latest. */
export function releaseKernelProblems(
  poolName: string,
  { family }: Pick<NodePoolSettings, "family">,
  release: string,
  { calico, cluster }: Pick<Settings, "calico" | "cluster">,
): Found {
  const kernel = kernelOf(family, release, cluster.kubernetesVersion);
  const bad = kernel && calico.dataplane === "BPF" ? knownBadKernel(kernel, calico.version) : undefined;
  if (kernel === undefined || bad === undefined) return [];
  return {
    path: `nodePools.${poolName}.release`,
    found: `${release} has kernel ${kernelName(kernel)}, on which ${bad.symptom} (${bad.issue})`,
    needs: `calico.version is ${calico.version}, and the fix came with ${listed(bad.fixedIn)}`,
    fix: "Choose a Calico release with the fix, and upgrade Calico together with the AMI release",
  };
}

/** The row of `knownBadKernels` that matches a kernel and a Calico release; undefined: none. */
export function knownBadKernel(kernel: Kernel, calicoVersion: string): KnownBadKernel | undefined {
  const rows: readonly KnownBadKernel[] = Object.values(knownBadKernels);
  return rows.find(
    ({ kernels, calico }) =>
      kernels.some((range) => inRange(kernelVersion(kernel), range)) &&
      calico.some((range) => inRange(calicoVersion, range)),
  );
}

/** A problem when the kernel, as `uname` prints it or as a series, is below the floor. */
export function floorProblems(
  path: string,
  what: string,
  kernelText: string,
  floor: keyof typeof kernelFloors,
): Problem[] {
  const kernel = parseKernel(kernelText) ?? parseKernel(`${kernelText}.0`);
  if (kernel !== undefined && supportsEbpf(kernel, floor)) return [];
  return [
    {
      path,
      found: `${what} has kernel ${kernelText}`,
      needs: `the BPF dataplane needs ${floor} or newer`,
      fix: "Choose a newer Kubernetes version or another family, or calico.dataplane: Iptables",
    },
  ];
}

function seriesProblems(
  path: string,
  { family }: NodePoolSettings,
  { calico, cluster }: Settings,
): Problem[] {
  const series = seriesOf(family, cluster.kubernetesVersion);
  const floor = lookUp(calicoVersions, calico.version)?.kernelFloor;
  if (series === undefined || floor === undefined) return [];
  return floorProblems(path, `${family} with Kubernetes ${cluster.kubernetesVersion}`, series, floor);
}

/** Kernel of a release: its row, or else the newest that its series may have. */
function kernelOf(
  family: NodePoolSettings["family"],
  release: string,
  kubernetesVersion: string,
): Kernel | undefined {
  const exact = lookUp(releaseKernels, release);
  if (exact !== undefined) return parseKernel(exact);
  const series = seriesOf(family, kubernetesVersion);
  return series === undefined ? undefined : parseKernel(`${series}.${newestPatch}`);
}

function seriesOf(family: NodePoolSettings["family"], kubernetesVersion: string): string | undefined {
  return lookUp(amis[family].kernelSeries, kubernetesVersion);
}

function kernelName(kernel: Kernel): string {
  const [major, minor, patch] = kernel.version;
  return patch === newestPatch ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
}

type Family = NodePoolSettings["family"];

/** Rules on a pinned AMI release: it matches its family and the cluster's Kubernetes version. */
export function releaseProblems(
  path: string,
  { family, release }: NodePoolSettings,
  { kubernetesVersion }: Settings["cluster"],
): Problem[] {
  if (release === "latest") return [];
  const groups = match(family, release);
  if (groups === undefined) return [formProblem(path, family, release)];
  return [
    kubernetesProblem(path, release, groups["kubernetes"], kubernetesVersion),
    tooOld(path, family, release, kubernetesVersion),
  ].flat();
}

function formProblem(path: string, family: Family, release: string): Problem {
  const { releaseExample } = amis[family];
  const other: Family = family === "AL2023" ? "Bottlerocket" : "AL2023";
  const ofOther = match(other, release) !== undefined;
  return {
    path,
    found: ofOther
      ? `${release} is an AMI release of ${other}`
      : `${release} is not an AMI release of ${family}`,
    needs: `the pool's family is ${family}, whose releases look like ${releaseExample}`,
    fix: ofOther ? `Pin such a release, or set family: ${other}` : "Pin such a release, or write latest",
  };
}

function kubernetesProblem(path: string, release: string, found: string | undefined, wanted: string): Found {
  if (found === undefined || found === wanted) return [];
  return {
    path,
    found: `${release} is for Kubernetes ${found}`,
    needs: `cluster.kubernetesVersion is "${wanted}"`,
    fix: `Pin a release that begins with ${wanted}, or write latest`,
  };
}

function tooOld(path: string, family: Family, release: string, kubernetesVersion: string): Found {
  const { firstRelease }: Ami = amis[family];
  const first = firstRelease === undefined ? undefined : lookUp(firstRelease, kubernetesVersion);
  const [version = ""] = release.split("-");
  if (first === undefined || compareVersions(version, first) >= 0) return [];
  return {
    path,
    found: `${release} does not exist for Kubernetes ${kubernetesVersion}`,
    needs: `${family} supports it from ${first} on`,
    fix: "Pin a newer release, or write latest",
  };
}

/** Groups of the family's release pattern; undefined: no match. */
function match(family: Family, release: string): Readonly<Record<string, string | undefined>> | undefined {
  const found = new RegExp(amis[family].releasePattern).exec(release);
  return found === null ? undefined : (found.groups ?? {});
}
