import { isCidr } from "./addresses.ts";
import { resourceId } from "./ids.ts";
import { refusesRuleQuota } from "./limits.ts";
import { type AwsObject, type Cloud, keyOf, type Request, type Row } from "./model.ts";
import { toSecurityGroup, toVpc } from "./references.ts";
import { types } from "./types.ts";
import { at, isKnown, number, text } from "./values.ts";

/** What AWS accepts in the description of a group or a rule. */
const describable = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/;

const sources = ["cidrIpv4", "referencedSecurityGroupId"] as const;

function peer(inputs: Request["inputs"]): string {
  return text(inputs, "cidrIpv4") || text(inputs, "referencedSecurityGroupId");
}

/** What two rules must not have in common. */
function meaning(inputs: Request["inputs"]): string {
  const protocol = text(inputs, "ipProtocol");
  if (protocol === "-1") return `peer: ${peer(inputs)}, ALL, ALLOW`;
  const [from, to] = [text(inputs, "fromPort"), text(inputs, "toPort")];
  return `peer: ${peer(inputs)}, ${protocol.toUpperCase()}, from port: ${from}, to port: ${to}, ALLOW`;
}

function ruleProblems(inputs: Request["inputs"]): string[] {
  const given = sources.filter((source) => source in inputs);
  const problems =
    given.length === 1 ? [] : [`Exactly one of these attributes must be configured: [${sources.join(",")}]`];
  const cidr = text(inputs, "cidrIpv4");
  if ("cidrIpv4" in inputs && isKnown(at(inputs, "cidrIpv4")) && !isCidr(cidr)) {
    problems.push(`"cidrIpv4" ("${cidr}") is not a valid IPv4 CIDR block`);
  }
  return problems;
}

function refusesPorts(inputs: Request["inputs"]): string | undefined {
  const [from, to] = [number(inputs, "fromPort"), number(inputs, "toPort")];
  const protocol = text(inputs, "ipProtocol");
  if (protocol === "-1") {
    return from === undefined && to === undefined
      ? undefined
      : "InvalidParameterValue: Invalid value 'Must not specify ports with all protocols.' for portRange.";
  }
  if (protocol !== "tcp" && protocol !== "udp") {
    return `InvalidParameterValue: Invalid value '${protocol}' for IP protocol. Unknown protocol.`;
  }
  if (from === undefined || to === undefined) {
    return "InvalidParameterValue: Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.";
  }
  return from <= to && from >= 0 && to <= 65_535
    ? undefined
    : `InvalidParameterValue: Invalid TCP/UDP port range (${from}:${to})`;
}

function refusesRule(request: Request): string | undefined {
  const { inputs, cloud, self, subject } = request;
  const description = text(inputs, "description");
  if (!describable.test(description)) {
    return "InvalidParameterValue: Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*";
  }
  const groupId = text(inputs, "securityGroupId");
  const vpcOf = (id: string) => text(cloud.find(types.securityGroup, id)?.inputs ?? {}, "vpcId");
  const referenced = text(inputs, "referencedSecurityGroupId");
  if (referenced !== "" && vpcOf(referenced) !== vpcOf(groupId)) {
    return "InvalidGroup.NotFound: You have specified two resources that belong to different networks.";
  }
  const twin = cloud
    .ofType(subject.type)
    .some(
      (rule) =>
        rule !== self &&
        text(rule.inputs, "securityGroupId") === groupId &&
        meaning(rule.inputs) === meaning(inputs),
    );
  return twin
    ? `InvalidPermission.Duplicate: the specified rule "${meaning(inputs)}" already exists`
    : (refusesPorts(inputs) ?? refusesRuleQuota(request));
}

function ruleRow(type: string): Row {
  return {
    type,
    requires: ["securityGroupId", "ipProtocol"],
    allows: ["fromPort", "toPort", ...sources, "description", "tags"],
    references: [
      { property: "securityGroupId", ...toSecurityGroup, onDelete: "goes" },
      { property: "referencedSecurityGroupId", ...toSecurityGroup, onDelete: "prevents" },
    ],
    replaces: ["securityGroupId"],
    problems: ruleProblems,
    refuses: refusesRule,
    id: "sgr",
    outputs: {
      arn: ({ cloud, id }) => cloud.arn("ec2", `security-group-rule/${id}`),
      securityGroupRuleId: ({ id }) => id,
    },
  };
}

function refusesGroup({ inputs, cloud, self }: Request): string | undefined {
  const [name, vpcId, description] = [
    text(inputs, "name"),
    text(inputs, "vpcId"),
    text(inputs, "description"),
  ];
  if (!describable.test(description)) {
    return `InvalidParameterValue: Invalid security group description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`;
  }
  const taken = cloud
    .ofType(types.securityGroup)
    .some(
      (other) =>
        other !== self && text(other.inputs, "name") === name && text(other.inputs, "vpcId") === vpcId,
    );
  return taken
    ? `InvalidGroup.Duplicate: The security group '${name}' already exists for VPC '${vpcId}'`
    : undefined;
}

/** Id of the group that a VPC is born with. */
export function defaultGroupId(vpcId: string): string {
  return resourceId("sg", `default of ${vpcId}`);
}

/** Makes a group as AWS makes its own: everything from its members, and everywhere to. */
export function addManagedGroup(
  cloud: Cloud,
  owner: AwsObject,
  { id, name, vpcId, description }: { id: string; name: string; vpcId: string; description: string },
): AwsObject {
  const { urn } = owner;
  const group = cloud.addManaged({
    type: types.securityGroup,
    id,
    urn,
    owner,
    inputs: { name, vpcId, description },
  });
  const rule = { securityGroupId: id, ipProtocol: "-1" };
  cloud.addManaged({
    type: types.ingressRule,
    id: resourceId("sgr", `${id} ingress`),
    urn,
    owner: group,
    inputs: { ...rule, referencedSecurityGroupId: id },
  });
  cloud.addManaged({
    type: types.egressRule,
    id: resourceId("sgr", `${id} egress`),
    urn,
    owner: group,
    inputs: { ...rule, cidrIpv4: "0.0.0.0/0" },
  });
  return group;
}

/** Security groups and their rules. A group of the program's has no rule that the program did not make. */
export const securityGroupRows: readonly Row[] = [
  {
    type: types.securityGroup,
    requires: [],
    allows: ["vpcId", "description", "name", "namePrefix", "revokeRulesOnDelete", "tags"],
    naming: { property: "name", unless: "namePrefix" },
    references: [{ property: "vpcId", ...toVpc, onDelete: "prevents" }],
    replaces: ["vpcId", "description", "name", "namePrefix"],
    refuses: refusesGroup,
    id: "sg",
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
    outputs: {
      arn: ({ cloud, id }) => cloud.arn("ec2", `security-group/${id}`),
      ownerId: ({ cloud }) => cloud.account,
    },
    held: (id) => `DependencyViolation: resource ${id} has a dependent object`,
    patienceSeconds: 900,
  },
  {
    // Adopts the group that the VPC was born with, and strips it of its rules. Deleting it only forgets it.
    type: types.defaultSecurityGroup,
    requires: [],
    allows: ["vpcId", "tags"],
    references: [{ property: "vpcId", ...toVpc, onDelete: "goes" }],
    replaces: ["vpcId"],
    id: (inputs) => defaultGroupId(text(inputs, "vpcId")),
    outputs: {
      arn: ({ cloud, id }) => cloud.arn("ec2", `security-group/${id}`),
      name: () => "default",
    },
    begins: (adopted, cloud) => {
      const key = keyOf(types.securityGroup, adopted.id);
      for (const object of cloud.objects.values()) if (object.ownedBy === key) cloud.remove(object);
    },
  },
  ruleRow(types.ingressRule),
  ruleRow(types.egressRule),
];
