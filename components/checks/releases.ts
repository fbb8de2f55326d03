import { type Ami, amis } from "../facts/amis.ts";
import type { NodePoolSettings, Settings } from "../settings/settings.ts";
import { lookUp } from "../values/lookUp.ts";
import type { Problem } from "../values/problem.ts";
import { compareVersions } from "../values/versionOrder.ts";

type Family = NodePoolSettings["family"];

/** Rules on a pinned AMI release: it has the form of its family and is for the cluster's Kubernetes. */
export function releaseProblems(
  path: string,
  { family, release }: NodePoolSettings,
  { kubernetesVersion }: Settings["cluster"],
): Problem[] {
  if (release === "latest") return [];
  const groups = match(family, release);
  if (groups === undefined) return [formProblem(path, family, release)];
  return [
    ...kubernetesProblem(path, release, groups["kubernetes"], kubernetesVersion),
    ...tooOld(path, family, release, kubernetesVersion),
  ];
}

function formProblem(path: string, family: Family, release: string): Problem {
  const { releaseExample } = amis[family];
  const other: Family = family === "AL2023" ? "Bottlerocket" : "AL2023";
  const ofOther = match(other, release) !== undefined;
  return {
    path,
    found: ofOther ? `${release} is a release of ${other}` : `${release} is no release of ${family}`,
    needs: `the pool's family is ${family}, whose releases look like ${releaseExample}`,
    fix: ofOther ? `Pin such a release, or set family: ${other}` : "Pin such a release, or write latest",
  };
}

function kubernetesProblem(
  path: string,
  release: string,
  found: string | undefined,
  wanted: string,
): Problem[] {
  if (found === undefined || found === wanted) return [];
  return [
    {
      path,
      found: `${release} is for Kubernetes ${found}`,
      needs: `cluster.kubernetesVersion is "${wanted}"`,
      fix: `Pin a release that begins with ${wanted}, or write latest`,
    },
  ];
}

function tooOld(path: string, family: Family, release: string, kubernetesVersion: string): Problem[] {
  const { firstRelease }: Ami = amis[family];
  const first = firstRelease === undefined ? undefined : lookUp(firstRelease, kubernetesVersion);
  const [version = ""] = release.split("-");
  if (first === undefined || compareVersions(version, first) >= 0) return [];
  return [
    {
      path,
      found: `${release} does not exist for Kubernetes ${kubernetesVersion}`,
      needs: `${family} has it since ${first}`,
      fix: "Pin a newer release, or write latest",
    },
  ];
}

/** Groups of the family's release form; undefined: the text is none. */
function match(family: Family, release: string): Readonly<Record<string, string | undefined>> | undefined {
  const found = new RegExp(amis[family].releasePattern).exec(release);
  return found === null ? undefined : (found.groups ?? {});
}
