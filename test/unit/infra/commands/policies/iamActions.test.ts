import { describe, expect, it } from "vitest";
import { findings } from "../../../../../infra/policies/policies.ts";
import { unknown } from "../../../../../infra/policies/values.ts";
import { resource } from "../../../../support/policies.ts";

const inline = "aws:iam/rolePolicy:RolePolicy";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

const allow = (Action: unknown) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });

const messages = (type: string, props: Readonly<Record<string, unknown>>) =>
  findings([resource(type, props)]).map(({ message }) => message);

const named = (action: string) => `${action} is allowed; actions must be listed. List those that are needed.`;

describe("the policy on IAM actions", () => {
  it.each<[string, string, Readonly<Record<string, unknown>>, string[]]>([
    ["everything", inline, { policy: allow("*") }, [named("*")]],
    [
      "a whole service",
      "aws:iam/policy:Policy",
      { tags: {}, policy: allow(["s3:*", "s3:GetObject"]) },
      [named("s3:*")],
    ],
    [
      "part of a service",
      "aws:iam/userPolicy:UserPolicy",
      { policy: allow("ec2:Describe*") },
      [named("ec2:Describe*")],
    ],
    [
      "a single statement",
      inline,
      { policy: '{"Statement":{"Effect":"Allow","Action":"iam:?et*"}}' },
      [named("iam:?et*")],
    ],
    [
      "everything but something",
      inline,
      { policy: '{"Statement":[{"Effect":"Allow","NotAction":"iam:CreateUser"}]}' },
      [named("everything but NotAction")],
    ],
    [
      "a policy inside a role",
      "aws:iam/role:Role",
      { tags: {}, inlinePolicies: [{ policy: allow("kms:*") }] },
      [named("kms:*")],
    ],
    [
      "what cannot be read",
      inline,
      { policy: "{" },
      [
        "its document is not JSON, so what it allows is unknown; IAM refuses it, too. Write it with JSON.stringify.",
      ],
    ],
    [
      "AWS's own policy for everything",
      attachment,
      { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
      [
        "AdministratorAccess is attached, which allows actions by wildcard; actions must be listed. Write a policy that lists them.",
      ],
    ],
    [
      "AWS's own for a service",
      attachment,
      { policyArn: "arn:aws:iam::aws:policy/AmazonEC2FullAccess" },
      [
        "AmazonEC2FullAccess is attached, which allows actions by wildcard; actions must be listed. Write a policy that lists them.",
      ],
    ],
  ])("finds %s", (_name, type, props, expected) => {
    expect(messages(type, props)).toEqual(expected);
  });

  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ["named actions on everything", inline, { policy: allow(["ec2:DescribeInstances"]) }],
    ["a denial of everything", inline, { policy: '{"Statement":[{"Effect":"Deny","Action":"*"}]}' }],
    ["what a preview cannot know", inline, { policy: unknown }],
    ["a key's own policy, in which AWS has kms:*", "aws:kms/key:Key", { tags: {}, policy: allow("kms:*") }],
    [
      "AWS's policy for nodes",
      attachment,
      { policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy" },
    ],
    [
      "a customer managed policy with such a name",
      attachment,
      { policyArn: "arn:aws:iam::111122223333:policy/FullAccess" },
    ],
  ])("lets %s pass", (_name, type, props) => {
    expect(messages(type, props)).toEqual([]);
  });
});
