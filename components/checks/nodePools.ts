import { maxPodsByVcpus } from "../facts/instanceTypes.ts";
import { coreDnsTolerations } from "../facts/nodes.ts";
import type { NodePoolSettings, Settings } from "../settings/settings.ts";
import { isAutoscaled, nodesFor } from "../specs/charts.ts";
import { acceleratorOf, architectureOf, unsupportedReason, vcpusOf } from "../values/instanceType.ts";
import { amiOf } from "../values/poolAmi.ts";
import { alternatives, type Found, listed, type Problem } from "../values/problem.ts";
import { releaseProblems } from "./nodeKernels.ts";
import { nodeLabelProblems } from "./nodeLabels.ts";
import { nodeUserDataProblems } from "./nodeUserData.ts";

/** Rules on each pool, and on all of them together. */
export function nodePoolProblems(settings: Settings): Problem[] {
  const { nodePools, cluster } = settings;
  const perPool = Object.entries(nodePools).flatMap(([name, pool]) => {
    const path = `nodePools.${name}`;
    return [
      instanceTypeProblems(path, pool),
      sizeProblems(`${path}.size`, pool),
      releaseProblems(`${path}.release`, pool, cluster),
      maxPodsProblems(`${path}.maxPods`, pool),
      nodeLabelProblems(name, pool),
      repeatedGroups(path, pool),
      nodeUserDataProblems(name, pool),
    ].flat();
  });
  return [coreDnsProblems(nodePools), withoutNode(settings), perPool].flat();
}

function instanceTypeProblems(path: string, pool: NodePoolSettings): Problem[] {
  const { family, architecture, instanceTypes } = pool;
  return instanceTypes.flatMap((type, index) => {
    const at = `${path}.instanceTypes[${index}]`;
    const reason = unsupportedReason(type);
    if (reason !== undefined) return [unsupportedType(at, type, reason, pool)];
    const actual = architectureOf(type);
    if (actual === undefined) return [unknownType(at, type, pool)];
    const ami = amiOf(type, { family, architecture: actual });
    if (ami === undefined) return [withoutDriver(at, type, actual, pool)];
    if (actual !== architecture) return [otherArchitecture(at, type, actual, pool)];
    return ofOtherAmi(at, type, pool);
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
  pool: NodePoolSettings,
): Problem {
  const { architecture, instanceTypes } = pool;
  const others = instanceTypes.every((one) => architectureOf(one) === actual);
  return {
    path,
    found: `${type} is ${actual}`,
    needs: `the pool's architecture is ${architecture}`,
    fix: `Use ${usualType(pool)}${others ? `, or architecture: ${actual}` : ""}`,
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

function withoutDriver(
  path: string,
  type: string,
  actual: NodePoolSettings["architecture"],
  pool: NodePoolSettings,
): Problem {
  const { family, architecture, release } = pool;
  const other = family === "AL2023" ? "Bottlerocket" : "AL2023";
  const onOther =
    amiOf(type, { family: other, architecture: actual }) !== undefined &&
    architecture === actual &&
    release === "latest";
  return {
    path,
    found: `${type} has an accelerator`,
    needs: `EKS has no AMI of ${family} with its driver`,
    fix: `Use a type without one, such as ${usualType(pool)}${onOther ? `, or family: ${other}` : ""}`,
  };
}

/** A node group has one AMI, and EKS refuses types that it is not made for. */
function ofOtherAmi(path: string, type: string, pool: NodePoolSettings): Found {
  const [first = ""] = pool.instanceTypes;
  const wanted = amiOf(first, pool);
  const found = amiOf(type, pool);
  // A first type without an AMI has its own problem.
  if (wanted === undefined || found === undefined || found.amiType === wanted.amiType) return [];
  return {
    path,
    found: `${type} has ${acceleratorName(type)}`,
    needs: `the pool's AMI is ${wanted.amiType}, as ${first} has ${acceleratorName(first)}`,
    fix: "Move it to another pool",
  };
}

function acceleratorName(type: string): string {
  const accelerator = acceleratorOf(type);
  return accelerator === undefined ? "no accelerator" : `an accelerator for ${accelerator}`;
}

function sizeProblems(path: string, { size: { min, desired, max } }: NodePoolSettings): Found {
  if (min > max) {
    return [
      { path: `${path}.max`, found: `max is ${max}`, needs: `min is ${min}`, fix: `Set max: ${min} or more` },
    ];
  }
  if (desired >= min && desired <= max) return [];
  return {
    path: `${path}.desired`,
    found: `desired is ${desired}`,
    needs: `min is ${min} and max is ${max}`,
    fix: `Set desired: ${desired < min ? min : max}, or ${desired < min ? `min: ${desired}` : `max: ${desired}`}`,
  };
}

function maxPodsProblems(path: string, { maxPods, instanceTypes }: NodePoolSettings): Found {
  const { below, small, large } = maxPodsByVcpus;
  if (maxPods <= small) return [];
  const tooSmall = instanceTypes.find((type) => (vcpusOf(type) ?? 0) < below);
  if (tooSmall === undefined) return [];
  const vcpus = vcpusOf(tooSmall);
  return {
    path,
    found: `${maxPods} pods are too many on ${tooSmall}, ${vcpus === undefined ? "whose number of vCPUs is unknown" : `which has fewer than ${below} vCPUs`}`,
    needs: `EKS sets ${small} below ${below} vCPUs and ${large} from ${below} on`,
    fix: `Set maxPods: ${small}, or use larger instance types`,
  };
}

function repeatedGroups(path: string, { securityGroupIds = [] }: NodePoolSettings): Problem[] {
  return securityGroupIds.flatMap((id, index) => {
    const first = securityGroupIds.indexOf(id);
    if (first === index) return [];
    return {
      path: `${path}.securityGroupIds[${index}]`,
      found: `${id} is already in securityGroupIds[${first}]`,
      needs: "EC2 accepts a group once",
      fix: "Remove one",
    };
  });
}

/** Calico is not ready, and the cluster has no DNS, until a node can run their pods. */
function coreDnsProblems(pools: Settings["nodePools"]): Found {
  const names = Object.keys(pools);
  if (nodesFor({ nodePools: pools }, coreDnsTolerations) > 0) return [];
  return {
    path: "nodePools",
    found: names.length === 0 ? "no pool is defined" : `no node of ${alternatives(names)} can run CoreDNS`,
    needs: "at least one pool must have nodes without NoSchedule and NoExecute taints",
    fix: "Give one pool desired: 1 or more and no such taint",
  };
}

/** An `up` waits for their pods, which tolerate no taint; CoreDNS, which tolerates one, has its own rule. */
function withoutNode(settings: Settings): Found {
  const installed = [
    ...(settings.metrics ? ["metrics-server"] : []),
    ...(settings.loadBalancers ? ["the load balancer controller"] : []),
    ...(isAutoscaled(settings) ? ["the Cluster Autoscaler"] : []),
  ];
  const isForCoreDnsAlone = nodesFor(settings, []) === 0 && nodesFor(settings, coreDnsTolerations) > 0;
  if (installed.length === 0 || !isForCoreDnsAlone) return [];
  return {
    path: "nodePools",
    found: `no node can run ${listed(installed)}`,
    needs: "at least one pool must have nodes without NoSchedule and NoExecute taints",
    fix: "Give one pool desired: 1 or more and no such taint",
  };
}
