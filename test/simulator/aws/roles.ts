import { managedPolicyName } from "./iam.ts";
import { nameSuffix } from "./ids.ts";
import type { Request, Row } from "./model.ts";
import { parsePolicy } from "./policies.ts";
import { toRole } from "./references.ts";
import { types } from "./types.ts";
import { at, text } from "./values.ts";

const malformed = "MalformedPolicyDocument: Syntax errors in policy.";

/** IAM takes a boundary of the role's own account, or one that AWS manages. */
function refusesBoundary({ inputs, cloud }: Request): string | undefined {
  const arn = text(inputs, "permissionsBoundary");
  const [, partition, , , account] = arn.split(":");
  return arn === "" || (partition === "aws" && (account === "aws" || account === cloud.account))
    ? undefined
    : `NoSuchEntity: Scope ARN: ${arn} does not exist or is not attachable.`;
}

/** A policy of the account is taken to exist; AWS's are those that the simulation knows. */
function refusesPolicy({ inputs, cloud }: Request): string | undefined {
  const arn = text(inputs, "policyArn");
  const [, partition, , , account] = arn.split(":");
  const isOwn = partition === "aws" && account === cloud.account;
  return isOwn || managedPolicyName(arn) !== undefined
    ? undefined
    : `NoSuchEntity: Policy ${arn} does not exist or is not attachable.`;
}

/** Most managed policies of a role, which only AWS can raise (IAM user guide, reference_iam-quotas). */
const mostPolicies = 10;

function refusesPolicyCount({ inputs, cloud, self }: Request): string | undefined {
  const role = text(inputs, "role");
  const others = cloud
    .ofType(types.rolePolicyAttachment)
    .filter((one) => one !== self && text(one.inputs, "role") === role);
  return others.length < mostPolicies
    ? undefined
    : `LimitExceeded: Cannot exceed quota for PoliciesPerRole: ${mostPolicies}`;
}

/** IAM roles and what is attached to them. */
export const roleRows: readonly Row[] = [
  {
    type: types.role,
    requires: ["assumeRolePolicy"],
    allows: [
      "name",
      "namePrefix",
      "description",
      "path",
      "maxSessionDuration",
      "forceDetachPolicies",
      "permissionsBoundary",
      "tags",
    ],
    naming: { property: "name", unless: "namePrefix" },
    replaces: ["name", "namePrefix", "path"],
    problems: (inputs) =>
      text(inputs, "name").length > 64
        ? [`expected length of name to be in the range (1 - 64), got ${text(inputs, "name")}`]
        : [],
    refuses: (request) =>
      parsePolicy(at(request.inputs, "assumeRolePolicy")) === undefined
        ? malformed
        : refusesBoundary(request),
    id: (inputs, seed) => text(inputs, "name") || `${text(inputs, "namePrefix")}${nameSuffix(seed)}`,
    duplicate: (name) => `EntityAlreadyExists: Role with name ${name} already exists.`,
    defaults: { path: "/", maxSessionDuration: 3600 },
    outputs: {
      name: ({ id }) => id,
      arn: ({ cloud, inputs, id }) => cloud.arn("iam", `role${text(inputs, "path") || "/"}${id}`),
      uniqueId: ({ object }) => `AROA${nameSuffix(object.seed).toUpperCase()}`,
    },
    held: () => "DeleteConflict: Cannot delete entity, must detach all policies first.",
  },
  {
    type: types.rolePolicy,
    requires: ["role", "policy"],
    allows: ["name", "namePrefix"],
    naming: { property: "name", unless: "namePrefix" },
    references: [{ property: "role", ...toRole, onDelete: "prevents" }],
    replaces: ["role", "name", "namePrefix"],
    refuses: ({ inputs }) => (parsePolicy(at(inputs, "policy")) === undefined ? malformed : undefined),
    id: (inputs, seed) =>
      `${text(inputs, "role")}:${text(inputs, "name") || `${text(inputs, "namePrefix")}${nameSuffix(seed)}`}`,
    outputs: {},
  },
  {
    type: types.rolePolicyAttachment,
    requires: ["role", "policyArn"],
    allows: [],
    references: [{ property: "role", ...toRole, onDelete: "prevents" }],
    replaces: ["role", "policyArn"],
    refuses: (request) => refusesPolicy(request) ?? refusesPolicyCount(request),
    id: (inputs) => `${text(inputs, "role")}/${text(inputs, "policyArn")}`,
    outputs: {},
  },
  {
    type: types.instanceProfile,
    requires: [],
    allows: ["name", "namePrefix", "path", "role", "tags"],
    naming: { property: "name", unless: "namePrefix" },
    references: [{ property: "role", ...toRole, onDelete: "prevents" }],
    replaces: ["name", "namePrefix", "path"],
    id: (inputs) => text(inputs, "name"),
    duplicate: (name) => `EntityAlreadyExists: Instance Profile ${name} already exists.`,
    outputs: { arn: ({ cloud, id }) => cloud.arn("iam", `instance-profile/${id}`) },
  },
  {
    type: types.oidcProvider,
    requires: ["url", "clientIdLists"],
    allows: ["thumbprintLists", "tags"],
    replaces: ["url"],
    refuses: ({ inputs }) =>
      /^https:\/\/[^/?#]+/.test(text(inputs, "url"))
        ? undefined
        : "ValidationError: Invalid Open ID Connect Provider URL",
    id: (inputs) => `arn:aws:iam::oidc-provider/${text(inputs, "url").replace("https://", "")}`,
    duplicate: () => "EntityAlreadyExists: Provider with url already exists.",
    outputs: {
      arn: ({ cloud, inputs }) =>
        cloud.arn("iam", `oidc-provider/${text(inputs, "url").replace("https://", "")}`),
    },
  },
];
