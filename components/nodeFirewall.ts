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
    const groups = { nodes: group.id, controlPlane: controlPlaneSecurityGroupId };
    const open = (rule: FirewallRule, securityGroupId: pulumi.Input<string>) =>
      ingressRule(name, rule, { securityGroupId, groups, tags: args.tags }, parent);
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

interface IngressRuleArgs {
  /** The group that has the rule. */
  readonly securityGroupId: pulumi.Input<string>;
  /** The groups of nodes and control plane, where they are sources of rules. */
  readonly groups?: Readonly<Record<"nodes" | "controlPlane", pulumi.Input<string>>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Opens a security group as a rule says. */
export function ingressRule(
  name: string,
  { key, protocol, fromPort, toPort, source, why }: FirewallRule,
  { securityGroupId, groups, tags }: IngressRuleArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const group = source.kind === "securityGroup" ? source.id : source.kind !== "cidr" && groups?.[source.kind];
  return new aws.vpc.SecurityGroupIngressRule(
    `${name}-${key}`,
    {
      securityGroupId,
      ipProtocol: protocol,
      // "All protocols" takes no ports.
      ...(protocol === "-1" ? {} : { fromPort, toPort }),
      ...(source.kind === "cidr" ? { cidrIpv4: source.cidr } : group && { referencedSecurityGroupId: group }),
      description: why,
      tags: { ...tags, Name: `${name}-${key}` },
    },
    opts,
  );
}
