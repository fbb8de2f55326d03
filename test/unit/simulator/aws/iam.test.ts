import { beforeEach, describe, expect, it } from "vitest";
import { isAllowed } from "../../../simulator/aws/iam.ts";
import { types } from "../../../simulator/aws/types.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { Account } from "./account.ts";

const resource = "arn:aws:ec2:eu-west-1:111122223333:network-interface/eni-1";
const subnet = "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1";
const statement = {
  Effect: "Allow",
  Action: "ec2:ModifyNetworkInterfaceAttribute",
  Resource: "arn:aws:ec2:eu-west-1:111122223333:network-interface/*",
  Condition: {
    StringEqualsIgnoreCase: { "ec2:Attribute/SourceDestCheck": "false" },
    ArnEquals: { "ec2:Subnet": [subnet] },
  },
};
const request = {
  action: "ec2:ModifyNetworkInterfaceAttribute",
  resource,
  context: { "ec2:Attribute/SourceDestCheck": "false", "ec2:Subnet": subnet },
};

let account: Account;
let role: string;
let roleArn: string;

beforeEach(async () => {
  account = new Account();
  const { id, outputs } = await account.role("node", "ec2.amazonaws.com");
  role = id;
  roleArn = String(outputs["arn"]);
});

async function policy(...statements: Values[]): Promise<string> {
  return account.createId(types.rolePolicy, `policy-${account.aws.ofType(types.rolePolicy).length}`, {
    role,
    policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
  });
}

function may(change: Partial<typeof request> = {}): boolean {
  return isAllowed(account.aws.objects, { roleArn, ...request, ...change });
}

describe("a role's permissions", () => {
  it("let a node turn the check off only on its own subnet's interfaces", async () => {
    await policy(statement);
    expect(may()).toBe(true);
    expect(may({ context: { ...request.context, "ec2:Subnet": `${subnet}2` } })).toBe(false);
    expect(may({ context: { ...request.context, "ec2:Attribute/SourceDestCheck": "true" } })).toBe(false);
    expect(may({ action: "ec2:ModifyInstanceAttribute" })).toBe(false);
    expect(may({ resource: "arn:aws:ec2:eu-west-1:111122223333:instance/i-1" })).toBe(false);
  });

  it("do not match a condition whose key the request lacks", async () => {
    await policy(statement);
    const context = { "ec2:Attribute/SourceDestCheck": "false" };
    expect(isAllowed(account.aws.objects, { roleArn, ...request, context })).toBe(false);
  });

  it("compare the value's case where the operator says so", async () => {
    const context = { ...request.context, "ec2:Attribute/SourceDestCheck": "False" };
    const id = await policy(statement);
    expect(may({ context })).toBe(true);

    await account.delete(types.rolePolicy, id);
    await policy({
      ...statement,
      Condition: { StringEquals: { "ec2:Attribute/SourceDestCheck": "false" } },
    });
    expect(may({ context })).toBe(false);
  });

  it.each(["ec2:*", "EC2:modifynetworkinterfaceattribute", "*", "ec2:Modify?etworkInterfaceAttribute"])(
    "are given by the action %s",
    async (Action) => {
      await policy({ ...statement, Action });
      expect(may()).toBe(true);
    },
  );

  it("yield to any Deny", async () => {
    await policy(statement, { Effect: "Deny", Action: "ec2:Modify*", Resource: "*" });
    expect(may()).toBe(false);
  });

  it("end with the policy", async () => {
    const id = await policy(statement);
    await account.delete(types.rolePolicy, id);
    expect(may()).toBe(false);
  });

  it("are not guessed from an operator that the simulation does not know", async () => {
    await policy({ ...statement, Condition: { StringNotEquals: { "ec2:Subnet": subnet } } });
    expect(() => may()).toThrow("the simulated IAM does not know the condition operator StringNotEquals");
  });

  it("include those of the AWS managed policies", async () => {
    const describing = { action: "ec2:DescribeInstances", resource: "*", context: {} };
    expect(isAllowed(account.aws.objects, { roleArn, ...describing })).toBe(false);
    await account.attach(role, "AmazonEKSWorkerNodePolicy");
    expect(isAllowed(account.aws.objects, { roleArn, ...describing })).toBe(true);
    expect(may()).toBe(false);
    await account.attach(role, "AmazonEKS_CNI_Policy");
    expect(may()).toBe(true);
  });

  it("are none for a role that does not exist", async () => {
    await policy(statement);
    expect(isAllowed(account.aws.objects, { ...request, roleArn: `${roleArn}2` })).toBe(false);
  });
});

describe("a role", () => {
  it("refuses a name that is in use", async () => {
    const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    await account.create(types.role, "a", { name: "calico", assumeRolePolicy });
    await expect(account.create(types.role, "b", { name: "calico", assumeRolePolicy })).rejects.toThrow(
      "EntityAlreadyExists: Role with name calico already exists.",
    );
  });

  it("stays while a policy is attached", async () => {
    const attachment = await account.attach(role, "AmazonEKSWorkerNodePolicy");
    await expect(account.delete(types.role, role)).rejects.toThrow(
      "DeleteConflict: Cannot delete entity, must detach all policies first.",
    );
    await account.delete(types.rolePolicyAttachment, attachment);
    await account.delete(types.role, role);
    expect(account.aws.ofType(types.role)).toEqual([]);
  });

  it.each(["no JSON", "{}", '{"Version":"2012-10-17"}'])("refuses the policy %s", async (text) => {
    await expect(account.create(types.rolePolicy, "x", { role, policy: text })).rejects.toThrow(
      "MalformedPolicyDocument",
    );
  });

  it("refuses an AWS managed policy that does not exist", async () => {
    await expect(account.attach(role, "AmazonEKSWorkerPolicy")).rejects.toThrow(
      "NoSuchEntity: Policy arn:aws:iam::aws:policy/AmazonEKSWorkerPolicy does not exist or is not attachable.",
    );
  });
});
