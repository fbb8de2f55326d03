import type { StackSettings } from "./schema.ts";

/** The same, and nothing in it can be changed. */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** One node pool, with its instance types decided. */
export type NodePoolSettings = DeepReadonly<StackSettings["nodePools"][string] & { instanceTypes: string[] }>;

/** A node pool whose AMI release is decided. */
export interface ReleasedPool extends NodePoolSettings {
  /** AMI release, pinned or looked up: `1.35.6-20260714`. */
  readonly amiRelease: string;
}

/** What a stack asks for, complete: nothing in it is left to a default. Frozen. */
export interface Settings extends DeepReadonly<Omit<StackSettings, "cluster" | "nodePools">> {
  /** Pulumi project and stack. */
  readonly project: string;
  readonly stack: string;
  /** AWS region, from `aws:region`. */
  readonly region: string;
  /** Profile of the AWS configuration files, from `aws:profile`; unset: the ambient credentials. */
  readonly profile: string | undefined;
  readonly cluster: DeepReadonly<StackSettings["cluster"] & { name: string }>;
  /** Node pools by name. */
  readonly nodePools: Readonly<Record<string, NodePoolSettings>>;
}

/** What AWS says about the account and region, looked up before anything is registered. */
export interface Surroundings {
  readonly accountId: string;
  /** ARN of who calls, as STS has it: of a user, or of a role that is assumed, `account.roleArn` among them. */
  readonly caller: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** Availability zones that are available, without Local and Wavelength Zones: name `eu-west-1a`, id `euw1-az1`. */
  readonly zones: readonly { readonly name: string; readonly id: string }[];
  /** Instance types that each zone offers, of those that the pools ask for; by zone name. */
  readonly offerings: Readonly<Record<string, readonly string[]>>;
  /** The node pools, each with its AMI release; by name. */
  readonly pools: Readonly<Record<string, ReleasedPool>>;
  /** Versions of the EKS add-ons, as EKS gives them by default for the cluster's Kubernetes version. */
  readonly addonVersions: { readonly coreDns: string; readonly kubeProxy: string };
  /** Such versions of the other add-ons that the stack installs, by name; undefined: EKS has none for that Kubernetes. */
  readonly otherAddonVersions: Readonly<Record<string, string | undefined>>;
  /** The network that is already there, when `network.existing` is set. */
  readonly existing:
    | {
        /** The range that the VPC was made with. */
        readonly vpcCidr: string;
        /** Ranges that were added to it. */
        readonly secondaryCidrs: readonly string[];
        readonly dnsSupport: boolean;
        readonly dnsHostnames: boolean;
        readonly controlPlaneSubnets: readonly ExistingSubnet[];
        readonly nodeSubnets: readonly ExistingSubnet[];
      }
    | undefined;
  /** What the stack has been so far; undefined before the first `up`. */
  readonly previous: Previous | undefined;
  /** Names of the CRDs that Calico's operator has put into the cluster, and the stack's state does not have. */
  readonly crdsOfOperator: readonly string[];
}

/** Settings that decide what a cluster is built on, as an `up` leaves them for the next one. */
export interface FixedSettings {
  readonly region: string;
  readonly name: string;
  readonly serviceCidr: string;
  /** `create`, `aws-owned` or an ARN. */
  readonly secretsKey: string;
  /** Block of the stack's own VPC, or the id of the one that was there. */
  readonly vpc: string;
  readonly podCidr: string;
  readonly blockSize: number;
  readonly encapsulation: string;
}

/** What a stack has been so far. */
export interface Previous {
  readonly kubernetesVersion: string;
  readonly calicoVersion: string;
  /** ARN of the principal that created the cluster; undefined: that was before it was written down. */
  readonly clusterCreator?: string;
  /** Absent: the last `up` was one of an older release, which did not say so much. */
  readonly fixed?: Partial<FixedSettings>;
}

export interface ExistingSubnet {
  readonly id: string;
  readonly vpcId: string;
  /** Zone name and id. */
  readonly zone: string;
  readonly zoneId: string;
  readonly cidr: string;
}

/** Freezes a value and all that is in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
