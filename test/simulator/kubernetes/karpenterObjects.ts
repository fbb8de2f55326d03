import { at, type KubernetesObject } from "./object.ts";

/** Kinds of Karpenter, as the fake API server has them. */
export const karpenterKinds = {
  nodeClass: { apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass" },
  nodePool: { apiVersion: "karpenter.sh/v1", kind: "NodePool" },
  nodeClaim: { apiVersion: "karpenter.sh/v1", kind: "NodeClaim" },
} as const;

const restrictedTags =
  /^kubernetes\.io\/cluster|^eks:eks-cluster-name$|^karpenter\.(sh\/node(pool|claim)|k8s\.aws\/ec2nodeclass)$/;
const restrictedLabels = /^([^/]+\.)?karpenter\.(sh|k8s\.aws)\/|^kubernetes\.io\/hostname$/;

/**
 * Why the API server refuses an object of Karpenter: what the validations of its CRDs say, of those that can occur here (aws/karpenter-provider-aws
 * v1.14.1 and kubernetes-sigs/karpenter v1.14.1, pkg/apis/crds).
 */
export function refusesKarpenterObject(object: KubernetesObject): string | undefined {
  const { apiVersion, kind, metadata } = object;
  const problems =
    kind === "EC2NodeClass" ? nodeClassProblems(object) : kind === "NodePool" ? nodePoolProblems(object) : [];
  const [group] = apiVersion.split("/");
  return problems.length === 0
    ? undefined
    : `${kind}.${group} "${metadata.name}" is invalid: ${problems.join(", ")}`;
}

function nodeClassProblems(object: KubernetesObject): string[] {
  const spec = at(object, "spec");
  const aliases = list(spec, "amiSelectorTerms").map((term) => String(at(term, "alias")));
  return [
    ...problem(
      (at(spec, "role") === undefined) === (at(spec, "instanceProfile") === undefined),
      "spec: Invalid value: must specify exactly one of ['role', 'instanceProfile']",
    ),
    ...problem(
      aliases.length === 0 || aliases.some((alias) => !/^(al2|al2023|bottlerocket)@.+$/.test(alias)),
      "spec.amiSelectorTerms: Invalid value: 'alias' is improperly formatted, must match the format 'family@version'",
    ),
    ...["subnetSelectorTerms", "securityGroupSelectorTerms"].flatMap((terms) =>
      problem(list(spec, terms).length === 0, `spec.${terms}: Invalid value: ${terms} cannot be empty`),
    ),
    ...problem(
      list(spec, "blockDeviceMappings").some((one) => at(one, "ebs.volumeSize") === undefined),
      "spec.blockDeviceMappings: Invalid value: snapshotID or volumeSize must be defined",
    ),
    ...Object.keys((at(spec, "tags") ?? {}) as object)
      .filter((key) => restrictedTags.test(key))
      .map((key) => `spec.tags: Invalid value: tag contains a restricted tag matching ${key}`),
  ];
}

function nodePoolProblems(object: KubernetesObject): string[] {
  const template = at(object, "spec.template");
  const requirements = list(template, "spec.requirements");
  const labels = Object.keys((at(template, "metadata.labels") ?? {}) as object);
  return [
    ...problem(
      at(template, "spec.nodeClassRef.name") === undefined,
      "spec.template.spec.nodeClassRef.name: Required value",
    ),
    ...problem(
      requirements.some((one) => at(one, "operator") === "In" && list(one, "values").length === 0),
      "spec.template.spec.requirements: Invalid value: requirements with operator 'In' must have a value defined",
    ),
    ...list(template, "spec.taints").flatMap((taint, index) =>
      problem(
        at(taint, "value") === "",
        `spec.template.spec.taints[${index}].value: Invalid value: "": should match a label's form`,
      ),
    ),
    ...labels
      .filter((key) => restrictedLabels.test(key))
      .map((key) => `spec.template.metadata.labels: Invalid value: label "${key}" is restricted`),
  ];
}

function problem(isOne: boolean, words: string): string[] {
  return isOne ? [words] : [];
}

function list(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}
