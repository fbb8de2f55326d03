import { type CalicoVersion, calicoVersions } from "../facts/calicoVersions.ts";
import type { Previous, Settings } from "../settings/settings.ts";
import type { Problem } from "../values/problem.ts";
import { compareVersions } from "../values/versionOrder.ts";
import { listed } from "../values/words.ts";

type Versions = Readonly<Record<string, Pick<CalicoVersion, "kubernetes">>>;

const kubernetesPath = "cluster.kubernetesVersion";
const calicoPath = "calico.version";

/**
 * Rules on the way from one pair of versions to another. In one `up` the control plane comes first: what is in the
 * cluster depends on it. So the Calico of before has to get on with the Kubernetes to come.
 * @param known rows of the releases; default: components/facts/calicoVersions.ts
 */
export function upgradeProblems(
  { cluster, calico }: Settings,
  previous: Previous | undefined,
  known: Versions = calicoVersions,
): Problem[] {
  if (previous === undefined) return [];
  return [
    ...kubernetesStep(previous.kubernetesVersion, cluster.kubernetesVersion),
    ...calicoStep(previous.calicoVersion, calico.version),
    ...together(
      previous,
      { kubernetesVersion: cluster.kubernetesVersion, calicoVersion: calico.version },
      known,
    ),
  ];
}

function kubernetesStep(from: string, to: string): Problem[] {
  if (compareVersions(to, from) < 0) {
    return [
      {
        path: kubernetesPath,
        found: `the cluster has Kubernetes ${from}, and ${to} is older`,
        needs: "EKS does not lower a control plane's version",
        fix: `Set kubernetesVersion: "${from}", or make another cluster`,
      },
    ];
  }
  if (minorOf(to) - minorOf(from) < 2) return [];
  const next = minor(from, 1);
  return [
    {
      path: kubernetesPath,
      found: `from ${from} to ${to} is more than one minor version`,
      needs: "EKS upgrades one minor version at a time",
      fix: `Set kubernetesVersion: "${next}", run pulumi up, then go on`,
    },
  ];
}

function calicoStep(from: string, to: string): Problem[] {
  const steps = minorOf(to) - minorOf(from);
  if (steps === 0 || steps === 1) return [];
  if (steps < 0) {
    return [
      {
        path: calicoPath,
        found: `the cluster has Calico ${from}, and ${to} is of an older minor version`,
        needs: "the operator's resources are only ever brought forward",
        fix: `Set version: ${from}, or another release of ${minor(from, 0)}`,
      },
    ];
  }
  return [
    {
      path: calicoPath,
      found: `from ${from} to ${to} is more than one minor version`,
      needs: "each minor version may need what the one before has prepared",
      fix: `Set version to a release of ${minor(from, 1)}, run pulumi up, then go on`,
    },
  ];
}

function together(from: Previous, to: Previous, known: Versions): Problem[] {
  const row = Object.hasOwn(known, from.calicoVersion) ? known[from.calicoVersion] : undefined;
  const isTested = (row?.kubernetes as readonly string[] | undefined)?.includes(to.kubernetesVersion) ?? true;
  if (from.kubernetesVersion === to.kubernetesVersion || isTested) return [];
  const first =
    from.calicoVersion === to.calicoVersion
      ? "Upgrade Calico first"
      : `Keep kubernetesVersion: "${from.kubernetesVersion}" for the upgrade of Calico`;
  return [
    {
      path: kubernetesPath,
      found: `the cluster's Calico ${from.calicoVersion} would run on Kubernetes ${to.kubernetesVersion}`,
      needs: `it is tested with ${listed(row?.kubernetes ?? [])}; the control plane is upgraded first`,
      fix: `${first}, run pulumi up, then upgrade Kubernetes`,
    },
  ];
}

function minorOf(version: string): number {
  return Number(version.split(".")[1]);
}

/** `1.35` and 1 → `1.36`. */
function minor(version: string, steps: number): string {
  return `${version.split(".")[0]}.${minorOf(version) + steps}`;
}
