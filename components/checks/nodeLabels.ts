import { kubeletLabels, mostKeyCharacters, reservedDomains } from "../facts/nodes.ts";
import { pathText } from "../settings/paths.ts";
import type { NodePoolSettings } from "../settings/settings.ts";
import { type Found, listed, type Problem } from "../values/problem.ts";

/** Rules on the labels and taints of a pool's nodes, beyond their format. */
export function nodeLabelProblems(pool: string, { labels, taints }: NodePoolSettings): Problem[] {
  const labelPath = (key: string) => pathText(["nodePools", pool, "labels", key]);
  const taintPath = (index: number) => pathText(["nodePools", pool, "taints", index]);
  return [
    ...Object.entries(labels).flatMap(([key, value]) =>
      [
        keyLength(labelPath(key), key),
        reservedLabel(labelPath(key), key),
        emptyValue(labelPath(key), value),
      ].flat(),
    ),
    ...taints.flatMap(({ key }, index) =>
      [keyLength(`${taintPath(index)}.key`, key), reservedTaint(`${taintPath(index)}.key`, key)].flat(),
    ),
    ...repeatedTaints(taints, taintPath),
  ];
}

function keyLength(path: string, key: string): Found {
  if (key.length <= mostKeyCharacters) return [];
  return {
    path,
    found: `the key has ${key.length} characters`,
    needs: `EKS allows ${mostKeyCharacters}, including the domain and /`,
    fix: "Shorten it",
  };
}

function reservedLabel(path: string, key: string): Found {
  const domain = reservedDomainOf(key);
  if (domain === undefined || mayKubeletSet(key)) return [];
  const free = kubeletLabels.domains.map((one) => `${one}/`);
  return {
    path,
    found: `${domain} is a reserved domain`,
    needs:
      domain === "eks.amazonaws.com"
        ? "EKS itself sets the labels there"
        : `the kubelet does not start with labels there except ${listed(free)} and its own`,
    fix: `Use your own domain, such as ${otherKey(key)}`,
  };
}

function reservedTaint(path: string, key: string): Found {
  const domain = reservedDomainOf(key);
  if (domain === undefined) return [];
  return {
    path,
    found: `${domain} is a reserved domain`,
    needs: `EKS accepts no taints in ${listed(reservedDomains)}`,
    fix: `Use your own domain, such as ${otherKey(key)}`,
  };
}

function emptyValue(path: string, value: string): Found {
  if (value !== "") return [];
  return {
    path,
    found: "the value is empty",
    needs: "Kubernetes allows that in a label, but the EKS API does not",
    fix: 'Write a value, such as "true"',
  };
}

function repeatedTaints(taints: NodePoolSettings["taints"], path: (index: number) => string): Problem[] {
  return taints.flatMap(({ key, effect }, index) => {
    const first = taints.findIndex((other) => other.key === key && other.effect === effect);
    if (first === index) return [];
    return {
      path: path(index),
      found: `${key} with ${effect} is already in taints[${first}]`,
      needs: "a node's taints must differ in key or effect",
      fix: "Remove one",
    };
  });
}

/** The reserved domain that a key's domain is, or is a subdomain of. */
function reservedDomainOf(key: string): string | undefined {
  return reservedDomains.find((domain) => isWithin(domainOf(key), domain));
}

function mayKubeletSet(key: string): boolean {
  return (
    kubeletLabels.keys.some((one) => one === key) ||
    kubeletLabels.domains.some((domain) => isWithin(domainOf(key), domain))
  );
}

function isWithin(domain: string, outer: string): boolean {
  return domain === outer || domain.endsWith(`.${outer}`);
}

function domainOf(key: string): string {
  return key.includes("/") ? (key.split("/")[0] ?? "") : "";
}

/** The same name in a domain that is not reserved; a short one where EKS would refuse the length. */
function otherKey(key: string): string {
  const other = `example.com/${key.split("/").at(-1) ?? ""}`;
  return other.length <= mostKeyCharacters ? other : "example.com/team";
}
