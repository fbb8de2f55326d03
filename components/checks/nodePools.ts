import { maxPodsByVcpus } from "../facts/instanceTypes.ts";
import {
  coreDnsTolerations,
  kubeletLabels,
  mostKeyCharacters,
  reservedDomains,
} from "../facts/nodeLabels.ts";
import { pathText } from "../settings/paths.ts";
import type { NodePoolSettings, Settings } from "../settings/settings.ts";
import {
  architectureOf,
  lacksDriver,
  siblingOf,
  unsupportedReason,
  vcpusOf,
} from "../values/instanceType.ts";
import { alternatives, listed, type Problem } from "../values/problem.ts";
import { releaseProblems } from "./nodeKernels.ts";

/** Rules on each pool, and on all of them together. */
export function nodePoolProblems({ nodePools, cluster }: Settings): Problem[] {
  const perPool = Object.entries(nodePools).flatMap(([name, pool]) => {
    const path = `nodePools.${name}`;
    return [
      ...instanceTypeProblems(path, pool),
      ...sizeProblems(`${path}.size`, pool),
      ...releaseProblems(`${path}.release`, pool, cluster),
      ...maxPodsProblems(`${path}.maxPods`, pool),
      ...nodeLabelProblems(name, pool),
    ];
  });
  return [...coreDnsProblems(nodePools), ...perPool];
}

function instanceTypeProblems(path: string, pool: NodePoolSettings): Problem[] {
  const { family, architecture, instanceTypes } = pool;
  return instanceTypes.flatMap((type, index) => {
    const at = `${path}.instanceTypes[${index}]`;
    const reason = unsupportedReason(type);
    if (reason !== undefined) return [unsupportedType(at, type, reason, pool)];
    if (lacksDriver(type, family)) return [acceleratedType(at, type, pool)];
    const actual = architectureOf(type);
    if (actual === architecture) return [];
    return [actual === undefined ? unknownType(at, type, pool) : otherArchitecture(at, type, actual, pool)];
  });
}

/** A type that the pool can have. */
function usualType({ architecture, maxPods }: NodePoolSettings): string {
  const size = maxPods > maxPodsByVcpus.small ? "8xlarge" : "large";
  return `${architecture === "arm64" ? "m7g" : "m7i"}.${size}`;
}

function unknownType(path: string, type: string, pool: NodePoolSettings): Problem {
  return {
    path,
    found: `the family of ${type} is unknown`,
    needs: "its architecture decides which AMI can start on it",
    fix: `Use a type of a known family, such as ${usualType(pool)}, or add it to components/facts/instanceTypes.ts`,
  };
}

function otherArchitecture(
  path: string,
  type: string,
  actual: NodePoolSettings["architecture"],
  { architecture, instanceTypes }: NodePoolSettings,
): Problem {
  const others = instanceTypes.every((one) => architectureOf(one) === actual);
  return {
    path,
    found: `${type} is ${actual}`,
    needs: `the pool's architecture is ${architecture}`,
    fix: `Use ${siblingOf(type) ?? `a type that is ${architecture}`}${others ? `, or architecture: ${actual}` : ""}`,
  };
}

function unsupportedType(path: string, type: string, reason: string, pool: NodePoolSettings): Problem {
  return {
    path,
    found: `${type} cannot be a node: it ${reason}`,
    needs: "nodes run AL2023 or Bottlerocket on x86_64 or on Graviton2 and later",
    fix: `Use another type, such as ${usualType(pool)}`,
  };
}

function acceleratedType(path: string, type: string, pool: NodePoolSettings): Problem {
  const { family, architecture, release } = pool;
  const onBottlerocket =
    !lacksDriver(type, "Bottlerocket") && architecture === architectureOf(type) && release === "latest";
  return {
    path,
    found: `${type} has an accelerator`,
    needs: `${family} runs in its standard variant, which has no driver for it`,
    fix: `Use a type without one, such as ${usualType(pool)}${onBottlerocket ? ", or family: Bottlerocket" : ""}`,
  };
}

function sizeProblems(path: string, { size: { min, desired, max } }: NodePoolSettings): Problem[] {
  if (min > max) {
    return [
      { path: `${path}.max`, found: `max is ${max}`, needs: `min is ${min}`, fix: `Set max: ${min} or more` },
    ];
  }
  if (desired >= min && desired <= max) return [];
  return [
    {
      path: `${path}.desired`,
      found: `desired is ${desired}`,
      needs: `min is ${min} and max is ${max}`,
      fix: `Set desired: ${desired < min ? min : max}, or ${desired < min ? `min: ${desired}` : `max: ${desired}`}`,
    },
  ];
}

function maxPodsProblems(path: string, { maxPods, instanceTypes }: NodePoolSettings): Problem[] {
  const { below, small, large } = maxPodsByVcpus;
  if (maxPods <= small) return [];
  const tooSmall = instanceTypes.find((type) => (vcpusOf(type) ?? 0) < below);
  if (tooSmall === undefined) return [];
  const vcpus = vcpusOf(tooSmall);
  return [
    {
      path,
      found: `${maxPods} pods are too many on ${tooSmall}, ${vcpus === undefined ? "whose number of vCPUs is unknown" : `which has fewer than ${below} vCPUs`}`,
      needs: `EKS sets ${small} below ${below} vCPUs and ${large} from ${below} on`,
      fix: `Set maxPods: ${small}, or use larger instance types`,
    },
  ];
}

/** Calico is not ready, and the cluster has no DNS, until a node can run their pods. */
function coreDnsProblems(pools: Settings["nodePools"]): Problem[] {
  const names = Object.keys(pools);
  if (Object.values(pools).some(runsCoreDns)) return [];
  return [
    {
      path: "nodePools",
      found: names.length === 0 ? "no pool is defined" : `no node of ${alternatives(names)} can run CoreDNS`,
      needs: "at least one pool must have nodes without NoSchedule and NoExecute taints",
      fix: "Give one pool desired: 1 or more and no such taint",
    },
  ];
}

function runsCoreDns({ size, taints }: NodePoolSettings): boolean {
  const tolerated = (key: string) => coreDnsTolerations.some((one) => one === key);
  return (
    size.desired > 0 && taints.every(({ key, effect }) => effect === "PreferNoSchedule" || tolerated(key))
  );
}

/** Rules on the labels and taints of a pool's nodes, beyond their format. */
export function nodeLabelProblems(pool: string, { labels, taints }: NodePoolSettings): Problem[] {
  const labelPath = (key: string) => pathText(["nodePools", pool, "labels", key]);
  const taintPath = (index: number) => pathText(["nodePools", pool, "taints", index]);
  return [
    ...Object.entries(labels).flatMap(([key, value]) => [
      ...keyLength(labelPath(key), key),
      ...reservedLabel(labelPath(key), key),
      ...emptyValue(labelPath(key), value),
    ]),
    ...taints.flatMap(({ key }, index) => [
      ...keyLength(`${taintPath(index)}.key`, key),
      ...reservedTaint(`${taintPath(index)}.key`, key),
    ]),
    ...repeatedTaints(taints, taintPath),
  ];
}

function keyLength(path: string, key: string): Problem[] {
  if (key.length <= mostKeyCharacters) return [];
  return [
    {
      path,
      found: `the key has ${key.length} characters`,
      needs: `EKS allows ${mostKeyCharacters}, including the domain and /`,
      fix: "Shorten it",
    },
  ];
}

function reservedLabel(path: string, key: string): Problem[] {
  const domain = reservedDomainOf(key);
  if (domain === undefined || mayKubeletSet(key)) return [];
  const free = kubeletLabels.domains.map((one) => `${one}/`);
  return [
    {
      path,
      found: `${domain} is a reserved domain`,
      needs:
        domain === "eks.amazonaws.com"
          ? "EKS itself sets the labels there"
          : `the kubelet does not start with labels there except ${listed(free)} and its own`,
      fix: `Use your own domain, such as ${otherKey(key)}`,
    },
  ];
}

function reservedTaint(path: string, key: string): Problem[] {
  const domain = reservedDomainOf(key);
  if (domain === undefined) return [];
  return [
    {
      path,
      found: `${domain} is a reserved domain`,
      needs: `EKS accepts no taints in ${listed(reservedDomains)}`,
      fix: `Use your own domain, such as ${otherKey(key)}`,
    },
  ];
}

function emptyValue(path: string, value: string): Problem[] {
  if (value !== "") return [];
  return [
    {
      path,
      found: "the value is empty",
      needs: "Kubernetes allows that in a label, but the EKS API does not",
      fix: 'Write a value, such as "true"',
    },
  ];
}

function repeatedTaints(taints: NodePoolSettings["taints"], path: (index: number) => string): Problem[] {
  return taints.flatMap(({ key, effect }, index) => {
    const first = taints.findIndex((other) => other.key === key && other.effect === effect);
    if (first === index) return [];
    return [
      {
        path: path(index),
        found: `${key} with ${effect} is already in taints[${first}]`,
        needs: "a node's taints must differ in key or effect",
        fix: "Remove one",
      },
    ];
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
