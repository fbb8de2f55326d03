import type { SettingsChange } from "../../support/settings.ts";

/** Stacks that differ in which resources they have. */

/** As before eBPF: kube-proxy serves services. */
export const reversed: SettingsChange = {
  calico: { dataplane: "Iptables", externalService: "Tunnel" },
  kubeProxy: "Running",
};

export const parked: SettingsChange = { kubeProxy: "Parked" };

export const withoutNat: SettingsChange = {
  network: { natGateway: false },
  calico: { registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay" },
};

/** The subnets are those of infra/commands/shared/plan/recorder.ts. */
export const existingNetwork: SettingsChange = {
  network: {
    existing: {
      vpcId: "vpc-0a1b2c3d4e5f67890",
      controlPlaneSubnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
      nodeSubnetIds: ["subnet-0000000000000000c"],
    },
  },
};

export const bothFamilies: SettingsChange = {
  nodePools: {
    spot: { family: "Bottlerocket", capacity: "SPOT", instanceTypes: ["m7i.large", "m6i.large"] },
    arm: { architecture: "arm64" },
  },
};

export const bounded: SettingsChange = {
  network: { flowLogs: true },
  iam: { permissionsBoundary: "arn:aws:iam::111122223333:policy/boundary" },
};

export const unencapsulated: SettingsChange = { calico: { encapsulation: "None" } };

export const severalZones: SettingsChange = {
  network: { nodeZones: ["eu-west-1a", "eu-west-1b"] },
  calico: { externalService: "Tunnel" },
};

const gatewayPerZone: SettingsChange = {
  network: { nodeZones: ["eu-west-1a", "eu-west-1b"], natGateway: "PerZone" },
  calico: { externalService: "Tunnel" },
};

const denied: SettingsChange = { networkPolicies: { defaultDeny: ["shop"] } };

const observed: SettingsChange = { observability: { prometheus: "Operator", flows: true } };

export const autoscaled: SettingsChange = { autoscaling: "ClusterAutoscaler" };

export const karpenter: SettingsChange = {
  autoscaling: "Karpenter",
  nodePools: { general: {}, arm: { architecture: "arm64", family: "Bottlerocket", capacity: "SPOT" } },
};

export const usable: SettingsChange = {
  cluster: { oidcProvider: true },
  metrics: true,
  nodeFirewall: { fromControlPlane: [{ for: "cert-manager" }] },
  addons: {
    "aws-ebs-csi-driver": {
      podIdentity: {
        serviceAccount: "ebs-csi-controller-sa",
        managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
      },
    },
    "snapshot-controller": { configuration: { replicaCount: 2 } },
  },
  podIdentities: {
    orders: {
      namespace: "shop",
      serviceAccount: "orders",
      statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::orders/*"] }],
    },
  },
};

export const balanced: SettingsChange = { loadBalancers: true };

const balancedExisting: SettingsChange = { ...existingNetwork, loadBalancers: true };

export const stored: SettingsChange = { storage: { ebs: true } };

/** Pods have addresses of the VPC. */
export const amazonVpc: SettingsChange = { calico: { cni: "AmazonVPC" } };

/** All of them, and tags, by what they are about. */
export const variants: Readonly<Record<string, SettingsChange>> = {
  iptables: reversed,
  "a parked kube-proxy": parked,
  "no NAT gateway": withoutNat,
  "a network that is there": existingNetwork,
  "Bottlerocket with AL2023": bothFamilies,
  "bounded roles and flow logs": bounded,
  "bare packets": unencapsulated,
  "several zones": severalZones,
  "a NAT gateway per zone": gatewayPerZone,
  "default deny": denied,
  "metrics, alerts and flows": observed,
  "add-ons and credentials for pods": usable,
  "the Cluster Autoscaler": autoscaled,
  Karpenter: karpenter,
  "load balancers": balanced,
  "load balancers in a network that is there": balancedExisting,
  "EBS volumes": stored,
  "the AWS VPC CNI": amazonVpc,
  tags: { tags: { team: "net" } },
};
