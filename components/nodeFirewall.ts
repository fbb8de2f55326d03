import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { controlPlaneIngress, type FirewallRule, type NodeTraffic, nodeIngress } from "./specs/firewall.ts";

export interface NodeFirewallArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Security group of the control plane's network interfaces. */
  readonly controlPlaneSecurityGroupId: pulumi.Input<string>;
  /** What traffic the nodes exchange. Plain: it decides which rules exist. */
  readonly traffic: NodeTraffic;
  /** Further tags of the group; default: none. */
  readonly groupTags?: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Security group of the nodes, with the ports of facts/ports.ts and no others. */
export class NodeFirewall extends pulumi.ComponentResource {
  /** Attach to every node. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Must be open before the first node starts. */
  readonly rules: pulumi.Resource[];

  constructor(name: string, args: NodeFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:NodeFirewall", name, {}, opts);
    const { vpcId, controlPlaneSecurityGroupId, traffic } = args;
    const parent = { parent: this };
    const tags = { ...args.tags, Name: name };

    const group = new aws.ec2.SecurityGroup(
      name,
      { vpcId, description: "EKS nodes with Calico", tags: { ...tags, ...args.groupTags } },
      parent,
    );
    const source = ({ source: from }: FirewallRule) => {
      if (from.kind === "cidr") return { cidrIpv4: from.cidr };
      if (from.kind === "securityGroup") return { referencedSecurityGroupId: from.id };
      return { referencedSecurityGroupId: from.kind === "nodes" ? group.id : controlPlaneSecurityGroupId };
    };
    const open = (rule: FirewallRule, securityGroupId: pulumi.Input<string>) => {
      // "All protocols" takes no ports.
      const ports = rule.protocol === "-1" ? {} : { fromPort: rule.fromPort, toPort: rule.toPort };
      return new aws.vpc.SecurityGroupIngressRule(
        `${name}-${rule.key}`,
        {
          securityGroupId,
          ipProtocol: rule.protocol,
          ...ports,
          ...source(rule),
          description: rule.why,
          tags: { ...args.tags, Name: `${name}-${rule.key}` },
        },
        parent,
      );
    };
    const egress = new aws.vpc.SecurityGroupEgressRule(
      name,
      {
        securityGroupId: group.id,
        ipProtocol: "-1",
        cidrIpv4: "0.0.0.0/0",
        description: "Images, AWS APIs, other nodes, and replies that DSR sends straight to clients",
        tags,
      },
      parent,
    );

    this.securityGroupId = group.id;
    this.rules = [
      egress,
      ...nodeIngress(traffic).map((rule) => open(rule, group.id)),
      ...controlPlaneIngress().map((rule) => open(rule, controlPlaneSecurityGroupId)),
    ];
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }
}
