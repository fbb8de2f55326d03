import type { PolicyResource, ResourcePolicy } from "./policy.ts";
import { at, isUnknown, listOf } from "./values.ts";

/** Managed policies of AWS that allow every action of a service, or of all. */
const full = /:iam::aws:policy\/(?:[\w-]+\/)*(AdministratorAccess|PowerUserAccess|\w*FullAccess\w*)$/;

/** A wildcard allows what AWS adds tomorrow, too. Policies of resources are left out: AWS's own for a key has kms:*. */
export const noWildcardIamAction: ResourcePolicy = {
  of: "resource",
  name: "no-wildcard-iam-action",
  description: "No identity is allowed actions by wildcard.",
  violations: (resource) => [
    ...documents(resource).flatMap(wildcards),
    ...managedPolicies(resource).flatMap((arn) => {
      const name = full.exec(String(arn))?.[1];
      return name === undefined
        ? []
        : [
            `${name} is attached, which allows actions by wildcard; actions have to be named. Write a policy that names them.`,
          ];
    }),
  ],
};

/** The policy documents that a resource gives an identity. */
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

function wildcards(document: unknown): string[] {
  if (isUnknown(document)) return [];
  const parsed = parse(document);
  if (parsed === undefined) {
    return [
      "its document is not JSON, so that nobody can tell what it allows; IAM refuses it, too. Write it with JSON.stringify.",
    ];
  }
  return listOf(at(parsed, "Statement"))
    .filter((statement) => at(statement, "Effect") === "Allow")
    .flatMap((statement) => {
      const excepted = at(statement, "NotAction") !== undefined;
      const actions = listOf(at(statement, "Action")).filter((action) => /[*?]/.test(String(action)));
      const found = excepted ? ["everything but NotAction"] : actions.map(String);
      return found.map((one) => `${one} is allowed; actions have to be named. Name those that are needed.`);
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
