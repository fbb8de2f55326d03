import { stringify } from "yaml";
import type { NodePoolSettings } from "../settings/settings.ts";
import { acceleratorOf } from "../values/instanceType.ts";
import { type TomlTable, toml } from "../values/toml.ts";

type Pool = Pick<NodePoolSettings, "family" | "maxPods" | "userData"> &
  Partial<Pick<NodePoolSettings, "instanceTypes">>;

/**
 * User data of a managed node group's launch template. EKS adds the cluster's name, endpoint and certificate itself,
 * as the template names no AMI. This program adds the number of pods: its default is calculated for the VPC CNI.
 */
export function nodeUserData(pool: Pool): string {
  return pool.family === "Bottlerocket" ? bottlerocketSettings(pool) : nodeadmParts(pool);
}

/**
 * A multipart document with NodeConfigs for nodeadm, which merges them in their order: ours is the last. `config.maxPods`
 * is what holds; the expression makes nodeadm reserve memory for as many pods (EKS user guide, max-pods precedence).
 */
function nodeadmParts({ maxPods, userData }: Pool): string {
  const own = { kubelet: { maxPodsExpression: String(maxPods), config: { maxPods } } };
  const parts = [...(userData === undefined ? [] : [userData]), own].flatMap((spec) => [
    "--node-config",
    "Content-Type: application/node.eks.aws",
    "",
    stringify({ apiVersion: "node.eks.aws/v1alpha1", kind: "NodeConfig", spec }, { lineWidth: 0 }),
  ]);
  return [
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="node-config"',
    "",
    ...parts,
    "--node-config--",
    "",
  ].join("\n");
}

/** Settings in TOML. A container gets Neuron's device only with the second one (EKS user guide, ml-eks-optimized-ami). */
function bottlerocketSettings({ maxPods, userData = {}, instanceTypes = [] }: Pool): string {
  const { kubernetes, ...others } = userData as TomlTable;
  const neuron = instanceTypes.some((type) => acceleratorOf(type) === "Neuron")
    ? { "device-ownership-from-security-context": true }
    : {};
  return toml({
    settings: { ...others, kubernetes: { ...neuron, ...(kubernetes as TomlTable), "max-pods": maxPods } },
  });
}
