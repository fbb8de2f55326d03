import type { StackSettings } from "./schema.ts";

/** The same, deeply readonly. */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** One node pool, with its instance types resolved. */
export type NodePoolSettings = DeepReadonly<StackSettings["nodePools"][string] & { instanceTypes: string[] }>;

/** A node pool with its AMI release resolved. */
export interface ReleasedPool extends NodePoolSettings {
  /** AMI release, pinned or looked up: `1.35.6-20260714`. */
  readonly amiRelease: string;
}

/** A stack's settings, complete: every default is filled in. Frozen. */
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

/** Facts about the account and region, looked up in AWS before anything is registered. */
export interface Surroundings {
  readonly accountId: string;
  /** The caller's ARN from STS: of a user, or of an assumed role, which may be `account.roleArn`. */
  readonly caller: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** Availability zones that are available, without Local and Wavelength Zones: name `eu-west-1a`, id `euw1-az1`. */
  readonly zones: readonly { readonly name: string; readonly id: string }[];
  /** Instance types of the pools that each zone offers; by zone name. */
  readonly offerings: Readonly<Record<string, readonly string[]>>;
  /** The node pools, each with its AMI release; by name. */
  readonly pools: Readonly<Record<string, ReleasedPool>>;
  /** Versions of the EKS add-ons: EKS's defaults for the cluster's Kubernetes version. */
  readonly addonVersions: { readonly coreDns: string; readonly kubeProxy: string };
  /** The same for the other add-ons that the stack installs, by name; undefined: EKS has none for that Kubernetes version. */
  readonly otherAddonVersions: Readonly<Record<string, string | undefined>>;
  /** JSON schemas of the configuration of the add-ons that the stack configures, by name. Missing: EKS gave no answer. */
  readonly addonSchemas?: Readonly<Record<string, unknown>>;
  /** The existing network, when `network.existing` is set. */
  readonly existing:
    | {
        /** The VPC's primary range. */
        readonly vpcCidr: string;
        /** The VPC's secondary ranges. */
        readonly secondaryCidrs: readonly string[];
        readonly dnsSupport: boolean;
        readonly dnsHostnames: boolean;
        readonly controlPlaneSubnets: readonly ExistingSubnet[];
        readonly nodeSubnets: readonly ExistingSubnet[];
        /** Its subnets with the tag `kubernetes.io/role/elb`; looked up with `loadBalancers: true`. */
        readonly loadBalancerSubnets?: readonly ExistingSubnet[];
      }
    | undefined;
  /** The stack's previous state; undefined before the first `up`. */
  readonly previous: Previous | undefined;
  /** Names of the CRDs that Calico's operator has installed and that are not in the stack's state. */
  readonly crdsOfOperator: readonly string[];
}

/** Settings that cannot change later, as an `up` records them for the next one. */
export interface FixedSettings {
  readonly region: string;
  readonly name: string;
  readonly serviceCidr: string;
  /** `create`, `aws-owned` or an ARN. */
  readonly secretsKey: string;
  /** CIDR block of the stack's VPC, or the ID of an existing one. */
  readonly vpc: string;
  /** Only `AmazonVPC`; absent: Calico. */
  readonly cni?: string;
  /** How Calico assigns pod addresses; absent where it does not. */
  readonly podCidr?: string;
  readonly blockSize?: number;
  readonly encapsulation?: string;
}

/** The stack's previous state. */
export interface Previous {
  readonly kubernetesVersion: string;
  readonly calicoVersion: string;
  /** `BPF` or `Iptables`. Absent: not recorded. */
  readonly dataplane?: string;
  /** ARN of the principal that created the cluster; undefined: from before this was recorded. */
  readonly clusterCreator?: string;
  /** Absent: the last `up` was of an older release, which did not record it. */
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

/** Freezes a value and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
