import { type CalicoVersion, calicoVersions } from "../facts/calicoVersions.ts";
import { endedKubernetesVersions, kubernetesVersions } from "../facts/kubernetesVersions.ts";
import type { Settings } from "../settings/settings.ts";
import { lookUp } from "../values/lookUp.ts";
import type { Problem } from "../values/problem.ts";
import { alternatives, listed } from "../values/words.ts";

const kubernetesPath = "cluster.kubernetesVersion";
const calicoPath = "calico.version";

/** Rules on Kubernetes, Calico and the two together. */
export function versionProblems({ cluster, calico }: Settings, today: Date): Problem[] {
  return [
    ...kubernetesKnown(cluster),
    ...kubernetesSupported(cluster, today),
    ...calicoKnown(calico),
    ...calicoSound(calico),
    ...testedTogether(cluster, calico),
  ];
}

/** ISO date of a day, as the tables have it. */
export function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function kubernetesKnown({ kubernetesVersion }: Settings["cluster"]): Problem[] {
  if (lookUp(kubernetesVersions, kubernetesVersion) !== undefined) return [];
  const ended = lookUp(endedKubernetesVersions, kubernetesVersion);
  const known = Object.keys(kubernetesVersions);
  return [
    {
      path: kubernetesPath,
      found:
        ended === undefined
          ? `Kubernetes ${kubernetesVersion} is not known here`
          : `standard support of Kubernetes ${kubernetesVersion} ended on ${ended.standardUntil}`,
      needs: `Calico is tested with ${listed(known)}`,
      fix: `Set kubernetesVersion: ${alternatives(known.map(quoted))}`,
    },
  ];
}

function kubernetesSupported({ kubernetesVersion, support }: Settings["cluster"], today: Date): Problem[] {
  const row = lookUp(kubernetesVersions, kubernetesVersion);
  if (row === undefined) return [];
  const day = isoDate(today);
  const newer = Object.entries(kubernetesVersions)
    .filter(([, { standardUntil }]) => standardUntil >= day)
    .map(([version]) => quoted(version));
  if (row.extendedUntil < day) {
    return [
      {
        path: kubernetesPath,
        found: `extended support of Kubernetes ${kubernetesVersion} ended on ${row.extendedUntil}`,
        needs: "EKS makes no such clusters any more",
        fix:
          newer.length === 0
            ? "Add newer versions to components/facts/kubernetesVersions.ts"
            : `Set kubernetesVersion: ${alternatives(newer)}`,
      },
    ];
  }
  if (support === "EXTENDED" || row.standardUntil >= day) return [];
  return [
    {
      path: kubernetesPath,
      found: `standard support of Kubernetes ${kubernetesVersion} ended on ${row.standardUntil}`,
      needs: "cluster.support is STANDARD",
      fix: `Set ${newer.length === 0 ? "" : `kubernetesVersion: ${alternatives(newer)}, or `}support: EXTENDED, which costs six times as much`,
    },
  ];
}

function calicoKnown({ version }: Settings["calico"]): Problem[] {
  if (lookUp(calicoVersions, version) !== undefined) return [];
  return [
    {
      path: calicoPath,
      found: `Calico ${version} is not known here`,
      needs: `the known releases are ${listed(Object.keys(calicoVersions))}`,
      fix: "Choose one of them, or add its row to components/facts/calicoVersions.ts",
    },
  ];
}

function calicoSound({ version }: Settings["calico"]): Problem[] {
  return knownBadOf(version).map(({ symptom, issue, fixedIn }) => ({
    path: calicoPath,
    found: `Calico ${version} is known to be bad: ${symptom} (${issue})`,
    needs: `${fixedIn} is the first release without it`,
    fix: `Set version: ${fixedIn}`,
  }));
}

function testedTogether(
  { kubernetesVersion }: Settings["cluster"],
  { version }: Settings["calico"],
): Problem[] {
  const tested: readonly string[] | undefined = lookUp(calicoVersions, version)?.kubernetes;
  const known = lookUp(kubernetesVersions, kubernetesVersion) !== undefined;
  if (tested === undefined || !known || tested.includes(kubernetesVersion)) return [];
  const other = newestFor(kubernetesVersion);
  return [
    {
      path: calicoPath,
      found: `Calico ${version} is tested with Kubernetes ${listed(tested)}`,
      needs: `${kubernetesPath} is ${quoted(kubernetesVersion)}`,
      fix: `Bump both together: kubernetesVersion: ${alternatives(tested.map(quoted))}${other === undefined ? "" : `, or version: ${other}`}`,
    },
  ];
}

/** Newest Calico release that is tested with a Kubernetes version and not known to be bad. */
function newestFor(kubernetesVersion: string): string | undefined {
  const rows: readonly (readonly [string, CalicoVersion])[] = Object.entries(calicoVersions);
  return rows.findLast(
    ([release, { kubernetes }]) =>
      knownBadOf(release).length === 0 && kubernetes.some((minor) => minor === kubernetesVersion),
  )?.[0];
}

/** What is wrong with a release under the CNI plugin that this program installs. */
function knownBadOf(version: string): NonNullable<CalicoVersion["knownBad"]> {
  const row: CalicoVersion | undefined = lookUp(calicoVersions, version);
  return row?.knownBad?.filter(({ cni }) => cni === "any") ?? [];
}

function quoted(version: string): string {
  return `"${version}"`;
}
