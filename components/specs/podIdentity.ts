import { createHash } from "node:crypto";
import { privateEndpoints } from "../facts/privateEndpoints.ts";
import type { PolicyStatement } from "../settings/podIdentities.ts";
import type { DeepReadonly, Settings } from "../settings/settings.ts";
import { isAutoscaled } from "./clusterAutoscaler.ts";
import { usesKarpenter } from "./karpenter.ts";
import { usesVpcCni } from "./vpcCni.ts";

/** The EKS add-on that provides credentials to pods, on every node. */
export const podIdentityAgent = "eks-pod-identity-agent";

/**
 * Where the agent listens on each node: the address of an interface that it makes, on TCP 80. Source: EKS user guide,
 * pod-id-agent-setup and pod-identities (read 2026-11-27).
 */
export const podIdentityAddress = "169.254.170.23";

/** The pods with this service account. */
export interface ServiceAccount {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * Trust policy of a role for EKS Pod Identity, as JSON: for this service account only, by the session tags that EKS sets.
 * Source: EKS user guide, pod-id-role and pod-id-abac (read 2026-11-27).
 */
export function podTrust({ namespace, serviceAccount }: ServiceAccount): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": serviceAccount,
          },
        },
      },
    ],
  });
}

/** An IAM policy of these statements, as JSON. */
export function policyDocument(statements: readonly DeepReadonly<PolicyStatement>[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ effect, actions, resources, conditions }) => ({
      Effect: effect,
      Action: actions,
      Resource: resources,
      ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
    })),
  });
}

/** Characters of a role's name before the provider's suffix of 8; IAM allows 64. */
const longestRoleName = 56;

/** A name short enough for a role, as unique as the long one. */
export function roleName(name: string): string {
  if (name.length <= longestRoleName) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 7);
  return `${name.slice(0, longestRoleName - hash.length - 1)}-${hash}`;
}

/** Whether pods of the stack get AWS credentials, so that the agent is needed. */
export function usesPodIdentity(
  settings: Pick<
    Settings,
    "addons" | "autoscaling" | "calico" | "loadBalancers" | "podIdentities" | "storage"
  >,
): boolean {
  const { addons, loadBalancers, podIdentities, storage } = settings;
  return (
    isAutoscaled(settings) ||
    usesKarpenter(settings) ||
    usesVpcCni(settings) ||
    loadBalancers ||
    storage.ebs ||
    Object.keys(podIdentities).length > 0 ||
    Object.values(addons).some(({ podIdentity }) => podIdentity !== undefined)
  );
}

/** AWS services with an interface endpoint in a network without a NAT gateway. */
export function endpointServices(settings: Settings): string[] {
  const isNeeded = (row: object) =>
    (usesPodIdentity(settings) || !("podIdentityOnly" in row)) &&
    (isAutoscaled(settings) || !("autoscalingOnly" in row)) &&
    (usesKarpenter(settings) || !("karpenterOnly" in row));
  return Object.entries(privateEndpoints).flatMap(([service, row]) => (isNeeded(row) ? [service] : []));
}
