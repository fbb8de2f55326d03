import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { vpcCni } from "./facts/vpcCni.ts";
import type { AddonSettings } from "./settings/addons.ts";
import type { DeepReadonly } from "./settings/settings.ts";
import { vpcCniValues } from "./specs/vpcCni.ts";

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
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "PRESERVE",
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
