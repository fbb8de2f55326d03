import { stringify } from "yaml";
import type { NodePoolSettings } from "../settings/settings.ts";

/**
 * User data of a managed node group's launch template. EKS adds the cluster's name, endpoint and certificate itself,
 * as the template names no AMI. Only the number of pods is ours: its default is the VPC CNI's arithmetic.
 */
export function nodeUserData({ family, maxPods }: Pick<NodePoolSettings, "family" | "maxPods">): string {
  return family === "Bottlerocket" ? `[settings.kubernetes]\nmax-pods = ${maxPods}\n` : nodeadmPart(maxPods);
}

/**
 * A multipart document with a NodeConfig for nodeadm. `config.maxPods` is what holds; the expression makes nodeadm
 * reserve memory for as many pods (EKS user guide, max-pods precedence).
 */
function nodeadmPart(maxPods: number): string {
  const nodeConfig = {
    apiVersion: "node.eks.aws/v1alpha1",
    kind: "NodeConfig",
    spec: { kubelet: { maxPodsExpression: String(maxPods), config: { maxPods } } },
  };
  return [
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="node-config"',
    "",
    "--node-config",
    "Content-Type: application/node.eks.aws",
    "",
    stringify(nodeConfig),
    "--node-config--",
    "",
  ].join("\n");
}
