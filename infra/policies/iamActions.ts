import type { Messages, PolicyResource, ResourcePolicy } from "./policy.ts";
import { at, isUnknown, listOf } from "./values.ts";

/** Managed policies of AWS that allow every action of a service, or of all. */
const full = /:iam::aws:policy\/(?:[\w-]+\/)*(AdministratorAccess|PowerUserAccess|\w*FullAccess\w*)$/;

/** A wildcard also allows what AWS adds later. Resource policies are not checked: AWS's default for a key has kms:*. */
export const noWildcardIamAction: ResourcePolicy = {
  of: "resource",
  name: "no-wildcard-iam-action",
  description: "No identity policy allows actions by wildcard.",
  violations: (resource) => [
    ...documents(resource).flatMap(wildcards),
    ...managedPolicies(resource).flatMap((arn) => {
      const name = full.exec(String(arn))?.[1];
      return name === undefined
        ? []
        : `${name} is attached, which allows actions by wildcard; actions must be listed. Write a policy that lists them.`;
    }),
  ],
};

/** The policy documents that a resource attaches to an identity. */
function documents({ type, inputs }: PolicyResource): readonly unknown[] {
  switch (type) {
    case "aws:iam/policy:Policy":
    case "aws:iam/rolePolicy:RolePolicy":
    case "aws:iam/userPolicy:UserPolicy":
    case "aws:iam/groupPolicy:GroupPolicy":
      return listOf(inputs["policy"]);
    case "aws:iam/role:Role":
      return listOf(inputs["inlinePolicies"]).flatMap((one) => listOf(at(one, "policy")));
    default:
      return [];
  }
}

function managedPolicies({ type, inputs }: PolicyResource): readonly unknown[] {
  if (!type.startsWith("aws:iam/")) return [];
  return [
    ...listOf(inputs["policyArn"]),
    ...listOf(inputs["managedPolicyArns"]),
    ...listOf(inputs["policyArns"]),
  ];
}

function wildcards(document: unknown): Messages {
  if (isUnknown(document)) return [];
  const parsed = parse(document);
  if (parsed === undefined) {
    return "its document is not JSON, so what it allows is unknown; IAM refuses it, too. Write it with JSON.stringify.";
  }
  return listOf(at(parsed, "Statement"))
    .filter((statement) => at(statement, "Effect") === "Allow")
    .flatMap((statement) => {
      const excepted = at(statement, "NotAction") !== undefined;
      const actions = listOf(at(statement, "Action")).filter((action) => /[*?]/.test(String(action)));
      const found = excepted ? ["everything but NotAction"] : actions.map(String);
      return found.map((one) => `${one} is allowed; actions must be listed. List those that are needed.`);
    });
}

function parse(document: unknown): unknown {
  if (typeof document !== "string") return document;
  try {
    const parsed: unknown = JSON.parse(document);
    return typeof parsed === "object" && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
