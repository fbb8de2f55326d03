import {
  type CalicoVersion,
  calicoVersions,
  endedKubernetesVersions,
  kubernetesVersions,
} from "../facts/versions.ts";
import type { Previous, Settings } from "../settings/settings.ts";
import { lookUp } from "../values/lookUp.ts";
import { alternatives, type Found, listed, type Problem } from "../values/problem.ts";
import { compareVersions } from "../values/versions.ts";

const kubernetesPath = "cluster.kubernetesVersion";
const calicoPath = "calico.version";

/** Rules on Kubernetes, Calico and the two together. */
export function versionProblems({ cluster, calico }: Settings, today: Date): Problem[] {
  return [
    kubernetesKnown(cluster),
    kubernetesSupported(cluster, today),
    calicoKnown(calico),
    calicoSound(calico),
    testedTogether(cluster, calico),
  ].flat();
}

/** ISO date of a day, as in the tables. */
export function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function kubernetesKnown({ kubernetesVersion }: Settings["cluster"]): Found {
  if (lookUp(kubernetesVersions, kubernetesVersion) !== undefined) return [];
  const ended = lookUp(endedKubernetesVersions, kubernetesVersion);
  const known = Object.keys(kubernetesVersions);
  return {
    path: kubernetesPath,
    found:
      ended === undefined
        ? `Kubernetes ${kubernetesVersion} is not a known release`
        : `standard support of Kubernetes ${kubernetesVersion} ended on ${ended.standardUntil}`,
    needs: `Calico is tested with ${listed(known)}`,
    fix: `Set kubernetesVersion: ${alternatives(known.map(quoted))}`,
  };
}

function kubernetesSupported({ kubernetesVersion, support }: Settings["cluster"], today: Date): Found {
  const row = lookUp(kubernetesVersions, kubernetesVersion);
  if (row === undefined) return [];
  const day = isoDate(today);
  const newer = Object.entries(kubernetesVersions)
    .filter(([, { standardUntil }]) => standardUntil >= day)
    .map(([version]) => quoted(version));
  if (row.extendedUntil < day) {
    return {
      path: kubernetesPath,
      found: `extended support of Kubernetes ${kubernetesVersion} ended on ${row.extendedUntil}`,
      needs: "EKS no longer creates such clusters",
      fix:
        newer.length === 0
          ? "Add newer versions to components/facts/versions.ts"
          : `Set kubernetesVersion: ${alternatives(newer)}`,
    };
  }
  if (support === "EXTENDED" || row.standardUntil >= day) return [];
  return {
    path: kubernetesPath,
    found: `standard support of Kubernetes ${kubernetesVersion} ended on ${row.standardUntil}`,
    needs: "cluster.support is STANDARD",
    fix: `Set ${newer.length === 0 ? "" : `kubernetesVersion: ${alternatives(newer)}, or `}support: EXTENDED, which costs six times as much`,
  };
}

function calicoKnown({ version }: Settings["calico"]): Found {
  if (lookUp(calicoVersions, version) !== undefined) return [];
  return {
    path: calicoPath,
    found: `Calico ${version} is not a known release`,
    needs: `the known releases are ${listed(Object.keys(calicoVersions))}`,
    fix: "Choose one of them, or add its row to components/facts/versions.ts",
  };
}

function calicoSound({ cni, version }: Settings["calico"]): Problem[] {
  return knownBadOf(version, cni).map(({ symptom, issue, fixedIn }) => ({
    path: calicoPath,
    found: `Calico ${version} is known to be bad: ${symptom} (${issue})`,
    needs: `${fixedIn} is the first release without it`,
    fix: `Set version: ${fixedIn}`,
  }));
}

function testedTogether(
  { kubernetesVersion }: Settings["cluster"],
  { cni, version }: Settings["calico"],
): Found {
  const tested: readonly string[] | undefined = lookUp(calicoVersions, version)?.kubernetes;
  const known = lookUp(kubernetesVersions, kubernetesVersion) !== undefined;
  if (tested === undefined || !known || tested.includes(kubernetesVersion)) return [];
  const other = newestFor(kubernetesVersion, cni);
  return {
    path: calicoPath,
    found: `Calico ${version} is tested with Kubernetes ${listed(tested)}`,
    needs: `${kubernetesPath} is ${quoted(kubernetesVersion)}`,
    fix: `Bump both together: kubernetesVersion: ${alternatives(tested.map(quoted))}${other === undefined ? "" : `, or version: ${other}`}`,
  };
}

/** Newest Calico release that is tested with a Kubernetes version and not known to be bad. */
function newestFor(kubernetesVersion: string, cni: Settings["calico"]["cni"]): string | undefined {
  const rows: readonly (readonly [string, CalicoVersion])[] = Object.entries(calicoVersions);
  return rows.findLast(
    ([release, { kubernetes }]) =>
      knownBadOf(release, cni).length === 0 && kubernetes.some((minor) => minor === kubernetesVersion),
  )?.[0];
}

/** Known problems of a release with the cluster's CNI plugin. */
function knownBadOf(
  version: string,
  plugin: Settings["calico"]["cni"],
): NonNullable<CalicoVersion["knownBad"]> {
  const row: CalicoVersion | undefined = lookUp(calicoVersions, version);
  return row?.knownBad?.filter(({ cni }) => cni === "any" || cni === plugin) ?? [];
}

function quoted(version: string): string {
  return `"${version}"`;
}

type Versions = Readonly<Record<string, Pick<CalicoVersion, "kubernetes">>>;

/**
 * Rules on the upgrade from one pair of versions to another. In one `up` the control plane comes first: what is in the
 * cluster depends on it. So the old Calico must work with the new Kubernetes.
 * @param known rows of the releases; default: components/facts/versions.ts
 */
export function upgradeProblems(
  { cluster, calico }: Settings,
  previous: Previous | undefined,
  known: Versions = calicoVersions,
): Problem[] {
  if (previous === undefined) return [];
  return [
    kubernetesStep(previous.kubernetesVersion, cluster.kubernetesVersion),
    calicoStep(previous.calicoVersion, calico.version),
    together(
      previous,
      { kubernetesVersion: cluster.kubernetesVersion, calicoVersion: calico.version },
      known,
    ),
  ].flat();
}

function kubernetesStep(from: string, to: string): Found {
  if (compareVersions(to, from) < 0) {
    return {
      path: kubernetesPath,
      found: `the cluster has Kubernetes ${from}, and ${to} is older`,
      needs: "EKS cannot downgrade a control plane",
      fix: `Set kubernetesVersion: "${from}", or create another cluster`,
    };
  }
  if (minorOf(to) - minorOf(from) < 2) return [];
  const next = minor(from, 1);
  return {
    path: kubernetesPath,
    found: `from ${from} to ${to} is more than one minor version`,
    needs: "EKS upgrades one minor version at a time",
    fix: `Set kubernetesVersion: "${next}", run pulumi up, then go on`,
  };
}

function calicoStep(from: string, to: string): Found {
  const steps = minorOf(to) - minorOf(from);
  if (steps === 0 || steps === 1) return [];
  if (steps < 0) {
    return {
      path: calicoPath,
      found: `the cluster has Calico ${from}, and ${to} is an older minor version`,
      needs: "the operator's resources cannot be downgraded",
      fix: `Set version: ${from}, or another release of ${minor(from, 0)}`,
    };
  }
  return {
    path: calicoPath,
    found: `from ${from} to ${to} is more than one minor version`,
    needs: "each minor version may need what the previous one prepared",
    fix: `Set version to a release of ${minor(from, 1)}, run pulumi up, then go on`,
  };
}

function together(from: Previous, to: Previous, known: Versions): Found {
  const row = lookUp(known, from.calicoVersion);
  const isTested = (row?.kubernetes as readonly string[] | undefined)?.includes(to.kubernetesVersion) ?? true;
  if (from.kubernetesVersion === to.kubernetesVersion || isTested) return [];
  const first =
    from.calicoVersion === to.calicoVersion
      ? "Upgrade Calico first"
      : `Keep kubernetesVersion: "${from.kubernetesVersion}" for the upgrade of Calico`;
  return {
    path: kubernetesPath,
    found: `the cluster's Calico ${from.calicoVersion} would run on Kubernetes ${to.kubernetesVersion}`,
    needs: `it is tested with ${listed(row?.kubernetes ?? [])}; the control plane is upgraded first`,
    fix: `${first}, run pulumi up, then upgrade Kubernetes`,
  };
}

function minorOf(version: string): number {
  return Number(version.split(".")[1]);
}

/** `1.35` and 1 → `1.36`. */
function minor(version: string, steps: number): string {
  return `${version.split(".")[0]}.${minorOf(version) + steps}`;
}
