import type { KubeConfig } from "@kubernetes/client-node";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ApiServerAddress, ExistingSettings } from "../../components/settings/existing.ts";
import { withProfile } from "../../components/specs/eksCluster.ts";
import { type Problem, problemReport } from "../../components/values/problem.ts";
import { awsProviderArgs } from "../settings.ts";
import { absolutePath, kubeconfigOf, loadKubeconfig } from "./kubeconfig.ts";

/** Access to an existing cluster. */
export interface ClusterAccess {
  /** For reading. */
  readonly config: KubeConfig;
  /** For the provider: the kubeconfig's text and context. */
  readonly kubeconfig: string;
  readonly context: string | undefined;
  /** Where the nodes reach the API server. */
  readonly address: ApiServerAddress;
}

/**
 * Finds the access to the cluster: from EKS, or from the kubeconfig.
 * @throws pulumi.RunError when there is none
 */
export async function clusterAccess(settings: ExistingSettings): Promise<ClusterAccess> {
  const { cluster } = settings;
  if (cluster.kind === "eks") return eksAccess(settings, cluster.name);
  const loaded = await loadKubeconfig(cluster);
  if ("problem" in loaded) throw refusal(settings, loaded.problem);
  return {
    config: loaded.config,
    // Its paths are relative to the file, so the provider gets the file, not its text.
    kubeconfig: absolutePath(cluster.file),
    context: cluster.context,
    address: cluster.apiServer,
  };
}

async function eksAccess(settings: ExistingSettings, name: string): Promise<ClusterAccess> {
  const provider = new aws.Provider("aws", awsProviderArgs(settings));
  const found = await aws.eks.getCluster({ name }, { provider }).catch((error: Error) => {
    throw refusal(settings, {
      path: "cluster.existing.eksName",
      found: `EKS cannot describe ${name}: ${error.message.split("\n")[0]}`,
      needs: "the cluster must exist, and eks:DescribeCluster must be allowed",
      fix: "Correct the name, aws:region or aws:profile",
    });
  });
  const kubeconfig = eksKubeconfig(settings, name, found);
  return {
    config: await kubeconfigOf(kubeconfig),
    kubeconfig,
    context: undefined,
    address: { host: new URL(found.endpoint).hostname, port: Number(new URL(found.endpoint).port || 443) },
  };
}

/** A kubeconfig without a secret: the aws CLI fetches a token for each use. */
export function eksKubeconfig(
  { account: { roleArn }, region, profile }: Pick<ExistingSettings, "account" | "profile" | "region">,
  name: string,
  { endpoint, certificateAuthorities }: Pick<aws.eks.GetClusterResult, "certificateAuthorities" | "endpoint">,
): string {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "aws",
    args: [
      ...["eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"],
      ...(roleArn === undefined ? [] : ["--role-arn", roleArn]),
    ],
    interactiveMode: "Never",
  };
  const ca = certificateAuthorities[0]?.data;
  const kubeconfig = JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: endpoint, "certificate-authority-data": ca } }],
    users: [{ name, user: { exec } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
  return withProfile(kubeconfig, profile);
}

/** The one error of a run. */
export function refusal({ stack }: ExistingSettings, ...problems: readonly Problem[]): pulumi.RunError {
  return new pulumi.RunError(problemReport(problems, `the cluster of stack ${stack}`));
}
