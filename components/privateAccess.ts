import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./settings/settings.ts";
import { type FirewallRule, privateAccessIngress } from "./specs/firewall.ts";

export interface PrivateAccessArgs {
  /** Security group of the control plane's network interfaces. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Who may reach the private endpoint. Plain: it decides which rules exist. */
  readonly clients: Pick<Settings["cluster"], "privateAccessCidrs" | "privateAccessSecurityGroupIds">;
  readonly tags: Readonly<Record<string, string>>;
}

/** Opens the private endpoint to clients outside the cluster: Pulumi, kubectl on a bastion. EKS opens it to nobody. */
export class PrivateAccess extends pulumi.ComponentResource {
  /** What has to be open before anything outside the cluster asks the API server. */
  readonly rules: pulumi.Resource[];

  constructor(name: string, args: PrivateAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:PrivateAccess", name, {}, opts);
    const source = ({ source: from }: FirewallRule) => {
      if (from.kind === "cidr") return { cidrIpv4: from.cidr };
      return from.kind === "securityGroup" ? { referencedSecurityGroupId: from.id } : {};
    };
    this.rules = privateAccessIngress(args.clients).map(
      (rule) =>
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-${rule.key}`,
          {
            securityGroupId: args.securityGroupId,
            ipProtocol: rule.protocol,
            fromPort: rule.fromPort,
            toPort: rule.toPort,
            ...source(rule),
            description: rule.why,
            tags: { ...args.tags, Name: `${name}-${rule.key}` },
          },
          { parent: this },
        ),
    );
    this.registerOutputs({});
  }
}
