import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { vpcCni } from "./facts/vpcCni.ts";
import type { AddonSettings, PolicyStatement } from "./settings/addons.ts";
import type { DeepReadonly } from "./settings/settings.ts";
import { podTrust, policyDocument, roleName, type ServiceAccount } from "./specs/addons.ts";
import { vpcCniValues } from "./specs/vpcCni.ts";

export interface EksAddonArgs {
  readonly clusterName: pulumi.Input<string>;
  /** EKS's name of the add-on. */
  readonly addonName: string;
  readonly addonVersion: string;
  /** Configuration values; {}: the add-on's defaults. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Must exist before its pods: Calico ready on the nodes, its pods' credentials. */
  readonly after: pulumi.Input<pulumi.Resource>[];
  readonly tags: Readonly<Record<string, string>>;
}

/** EKS takes over the objects that it finds, and keeps what was changed in the cluster afterwards. */
export const whoseObjects = {
  resolveConflictsOnCreate: "OVERWRITE",
  resolveConflictsOnUpdate: "PRESERVE",
} as const;

/** An EKS add-on. EKS owns its objects, except for what was changed in the cluster. */
export class EksAddon extends pulumi.ComponentResource {
  /** Complete once EKS reports the add-on active: its pods run. */
  readonly running: pulumi.Resource;

  constructor(name: string, args: EksAddonArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:EksAddon", name, {}, opts);
    const { clusterName, addonName, addonVersion, configuration, after, tags } = args;
    this.running = new aws.eks.Addon(
      name,
      {
        clusterName,
        addonName,
        addonVersion,
        ...(Object.keys(configuration).length === 0
          ? {}
          : { configurationValues: JSON.stringify(configuration) }),
        ...whoseObjects,
        tags: { ...tags },
      },
      { parent: this, dependsOn: after },
    );
  }
}

type Statements = readonly DeepReadonly<PolicyStatement>[];

export interface PodIdentityArgs extends ServiceAccount {
  readonly clusterName: pulumi.Input<string>;
  /** The cluster: the association is deleted with it; the role is deleted separately. */
  readonly deletedWith: pulumi.Resource;
  /** Policies to attach; default: none. Plain: they decide which resources exist, named after the last part of each. */
  readonly managedPolicyArns?: readonly string[];
  /** Further permissions of the role; undefined or an empty plain list: no inline policy. */
  readonly statements?: pulumi.Output<Statements> | Statements;
  /** ARN of the IAM policy that bounds the role; undefined: none. */
  readonly permissionsBoundary: string | undefined;
  /** The agent, which provides the credentials. */
  readonly agent: pulumi.Resource;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * AWS credentials for the pods of one service account, through EKS Pod Identity: an IAM role and its association. Pods
 * that start before the association exists have none until they are restarted. The name begins with the cluster's,
 * to which the policies of `npm run iam` restrict roles.
 */
export class PodIdentity extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;
  /** What the pods depend on: without one of these they start with fewer permissions, or none. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: PodIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:PodIdentity", name, {}, opts);
    const { clusterName, namespace, serviceAccount, permissionsBoundary, agent, deletedWith, tags } = args;
    const parent = { parent: this };

    const role = new aws.iam.Role(
      roleName(name),
      {
        assumeRolePolicy: podTrust({ namespace, serviceAccount }),
        description: `Pods of ${namespace}/${serviceAccount}`,
        permissionsBoundary,
        tags: { ...tags },
      },
      parent,
    );
    const policies = this.#policies(name, role, args);
    const association = new aws.eks.PodIdentityAssociation(
      name,
      { clusterName, namespace, serviceAccount, roleArn: role.arn, tags: { ...tags } },
      { ...parent, dependsOn: [agent, ...policies], deletedWith },
    );
    this.roleArn = role.arn;
    this.ready = [association];
    this.registerOutputs({ roleArn: this.roleArn });
  }

  #policies(name: string, role: aws.iam.Role, args: PodIdentityArgs): pulumi.Resource[] {
    const { managedPolicyArns = [], statements = [] } = args;
    const parent = { parent: this };
    const attachments = managedPolicyArns.map(
      (policyArn) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${policyArn.split("/").at(-1)}`,
          { role: role.name, policyArn },
          parent,
        ),
    );
    if (Array.isArray(statements) && statements.length === 0) return attachments;
    const policy = pulumi.output(statements as pulumi.Input<Statements>).apply(policyDocument);
    return [...attachments, new aws.iam.RolePolicy(name, { role: role.name, policy }, parent)];
  }
}

export interface EbsStorageArgs {
  /** The add-on that makes the volumes. */
  readonly driver: pulumi.Resource;
}

/** Name of the class of volumes that claims get when they name none. */
export const storageClass = "gp3";

/** Encrypted EBS volumes for claims, by default: in the zone of the pod, and deleted with the claim. */
export class EbsStorage extends pulumi.ComponentResource {
  constructor(name: string, args: EbsStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:EbsStorage", name, {}, opts);
    new kubernetes.storage.v1.StorageClass(
      name,
      {
        metadata: {
          name: storageClass,
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true" },
        // A volume is in one zone: the pod's.
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
        reclaimPolicy: "Delete",
      },
      { parent: this, dependsOn: args.driver },
    );
  }
}

export interface VpcCniArgs {
  readonly clusterName: pulumi.Input<string>;
  /** `https://….eks.amazonaws.com` */
  readonly endpoint: pulumi.Input<string>;
  readonly addonVersion: string;
  readonly addon: Pick<DeepReadonly<AddonSettings>, "configuration">;
  /** Its pods' credentials. */
  readonly after: pulumi.Resource[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The AWS VPC CNI as an EKS add-on, with the permission for its annotations. A DaemonSet, which EKS calls active without a
 * node: it comes before the first one, whose kubelet waits for it.
 */
export class VpcCni extends pulumi.ComponentResource {
  /** Must exist before the first node, and until the last one is gone: it deletes their network interfaces. */
  readonly running: pulumi.Resource;

  constructor(name: string, args: VpcCniArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:VpcCni", name, {}, opts);
    const { addon, addonVersion, after, clusterName, endpoint, tags } = args;
    this.running = new aws.eks.Addon(
      name,
      {
        clusterName,
        addonName: vpcCni.addonName,
        addonVersion,
        configurationValues: pulumi.output(endpoint).apply((address) => vpcCniValues(addon, address)),
        ...whoseObjects,
        tags: { ...tags },
      },
      { parent: this, dependsOn: [...after, this.#annotator(`${name}-pod-annotations`)] },
    );
  }

  /** The add-on's own role has no such permission in every version (tigera/docs managed-public-cloud/eks.mdx). */
  #annotator(name: string): pulumi.Resource {
    const parent = { parent: this };
    const role = new kubernetes.rbac.v1.ClusterRole(
      name,
      { metadata: { name }, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["patch"] }] },
      parent,
    );
    return new kubernetes.rbac.v1.ClusterRoleBinding(
      name,
      {
        metadata: { name },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: vpcCni.serviceAccount, namespace: vpcCni.namespace }],
      },
      parent,
    );
  }
}
