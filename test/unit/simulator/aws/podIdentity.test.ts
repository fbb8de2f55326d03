import { beforeEach, describe, expect, it } from "vitest";
import { podTrust } from "../../../../components/specs/addons.ts";
import { credentialsProblem, roleOfPods } from "../../../simulator/aws/podIdentity.ts";
import { types } from "../../../simulator/aws/types.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { Account, clusterInputs, network } from "./account.ts";

let account: Account;
let wanted: Values;

beforeEach(async () => {
  account = new Account();
  const { controlPlaneSubnetIds } = await network(account);
  await account.create(types.cluster, "dev", await clusterInputs(account, controlPlaneSubnetIds));
  wanted = {
    clusterName: "dev",
    namespace: "shop",
    serviceAccount: "orders",
    roleArn: await roleArn(podTrust({ namespace: "shop", serviceAccount: "orders" })),
  };
});

async function roleArn(assumeRolePolicy: string): Promise<string> {
  const name = `role-${account.aws.ofType(types.role).length}`;
  return String((await account.create(types.role, name, { assumeRolePolicy })).outputs["arn"]);
}

function trust(change: Values): string {
  const [statement] = JSON.parse(podTrust({ namespace: "shop", serviceAccount: "orders" })).Statement;
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, ...change }] });
}

const agent = { clusterName: "dev", addonName: "eks-pod-identity-agent" };
const associate = (changes: Values = {}, name = "orders") =>
  account.createId(types.podIdentityAssociation, name, { ...wanted, ...changes });
const problem = (id: string) => {
  const found = account.aws.find(types.podIdentityAssociation, id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return credentialsProblem(found, account.aws);
};

describe("a pod identity association", () => {
  it("gives credentials where the agent runs", async () => {
    await account.create(types.addon, "agent", agent);
    expect(problem(await associate())).toBeUndefined();
  });

  it("is taken without the agent, and gives none", async () => {
    expect(problem(await associate())).toBe(
      "nothing listens on 169.254.170.23: there is no add-on eks-pod-identity-agent",
    );
  });

  it("is whose role pods of the service account have, and pods of another one have the node's", async () => {
    await associate();
    const roleArn = wanted["roleArn"];

    expect(roleOfPods(account.aws, "shop", "billing")).toBeUndefined();
    expect(roleOfPods(account.aws, "shop", "orders")).toEqual({
      roleArn,
      problem: "nothing listens on 169.254.170.23: there is no add-on eks-pod-identity-agent",
    });
    await account.create(types.addon, "agent", agent);
    expect(roleOfPods(account.aws, "shop", "orders")).toEqual({ roleArn, problem: undefined });
  });

  it("gives none to a service account that the role does not trust", async () => {
    await account.create(types.addon, "agent", agent);
    expect(problem(await associate({ serviceAccount: "billing" }))).toBe(
      `AccessDeniedException: ${wanted["roleArn"]} does not trust this service account`,
    );
  });

  it.each<{ what: string; change: Values }>([
    { what: "another service", change: { Principal: { Service: "ec2.amazonaws.com" } } },
    { what: "sts:AssumeRole alone", change: { Action: "sts:AssumeRole" } },
    { what: "no one", change: { Effect: "Deny" } },
  ])("refuses a role that trusts $what", async ({ change }) => {
    await expect(associate({ roleArn: await roleArn(trust(change)) })).rejects.toThrow(
      "InvalidParameterException: Trust policy of the role provided is invalid",
    );
  });

  it("refuses a role that does not exist", async () => {
    await expect(associate({ roleArn: "arn:aws:iam::111122223333:role/gone" })).rejects.toThrow(
      "InvalidParameterException: Role provided in the request does not exist.",
    );
  });

  it("refuses a second role for a service account, and takes one of the same name elsewhere", async () => {
    const first = await associate();
    await expect(associate({}, "again")).rejects.toThrow(
      `ResourceInUseException: Association already exists: ${first}`,
    );
    expect(await associate({ namespace: "other" }, "elsewhere")).not.toBe(first);
  });

  it("refuses a cluster that does not exist", async () => {
    await expect(associate({ clusterName: "prod" })).rejects.toThrow(
      "ResourceNotFoundException: No cluster found for name: prod.",
    );
  });

  it("goes with its cluster", async () => {
    await associate();
    await account.delete(types.cluster, "dev");
    expect(account.aws.ofType(types.podIdentityAssociation)).toEqual([]);
  });
});
