import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "./settings/podIdentities.ts";
import type { DeepReadonly } from "./settings/settings.ts";
import { podTrust, policyDocument, roleName, type ServiceAccount } from "./specs/podIdentity.ts";

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
