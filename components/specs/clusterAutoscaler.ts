import { autoscalerVersions } from "../facts/autoscalerVersions.ts";
import type { Settings } from "../settings/settings.ts";
import { lookUp } from "../values/lookUp.ts";
import { chartImage } from "./helmChart.ts";

/** Namespace and service account of the Cluster Autoscaler, and the name of its Deployment. */
export const autoscalerAccount = { namespace: "kube-system", serviceAccount: "cluster-autoscaler" } as const;

/** Whether the sizes of the pools are the Cluster Autoscaler's after the first `up`. */
export function isAutoscaled({ autoscaling }: Pick<Settings, "autoscaling">): boolean {
  return autoscaling === "ClusterAutoscaler";
}

/**
 * Values of the chart. The region is given, because the metadata service does not answer pods. It finds the groups by the tags
 * that EKS puts on the Auto Scaling groups of managed node groups (EKS user guide, managed-node-groups, read 2026-11-27).
 */
export function autoscalerValues(settings: Settings) {
  const { cluster, region } = settings;
  const tag = lookUp(autoscalerVersions, cluster.kubernetesVersion);
  return {
    fullnameOverride: autoscalerAccount.serviceAccount,
    cloudProvider: "aws",
    awsRegion: region,
    autoDiscovery: { clusterName: cluster.name },
    image: { repository: chartImage(settings, "cluster-autoscaler"), ...(tag === undefined ? {} : { tag }) },
    rbac: { serviceAccount: { name: autoscalerAccount.serviceAccount } },
  };
}

/**
 * What the Cluster Autoscaler may do: read, and change the size of the groups of this cluster. `eks:DescribeNodegroup` tells
 * it labels and taints of a pool without nodes. Source: kubernetes/autoscaler cluster-autoscaler/cloudprovider/aws/README.md
 * at 55c37cd5 (2026-08-22).
 */
export function autoscalerStatements(clusterName: string) {
  return [
    {
      effect: "Allow",
      actions: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
        "eks:DescribeNodegroup",
      ],
      resources: ["*"],
      conditions: {},
    },
    {
      effect: "Allow",
      actions: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      resources: ["*"],
      conditions: {
        StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: ["owned"] },
      },
    },
  ] as const;
}
