import { beforeEach, describe, expect, it } from "vitest";
import { types } from "../../../simulator/aws/types.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { Account, clusterInputs, network } from "./account.ts";

let account: Account;
let inputs: Values;

beforeEach(async () => {
  account = new Account();
  inputs = await clusterInputs(account, (await network(account)).controlPlaneSubnetIds);
});

const create = (change: Values = {}) => account.create(types.cluster, "dev", { ...inputs, ...change });

describe("access to a cluster", () => {
  const principalArn = "arn:aws:iam::111122223333:role/admin";

  it("is given by an entry and a policy", async () => {
    await create();
    const association = {
      clusterName: "dev",
      principalArn,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
    };
    await expect(account.create(types.accessPolicyAssociation, "x", association)).rejects.toThrow(
      "ResourceNotFoundException: The specified principalArn could not be found.",
    );
    await account.create(types.accessEntry, "x", { clusterName: "dev", principalArn });
    await account.create(types.accessPolicyAssociation, "x", association);
    expect(account.aws.ofType(types.accessPolicyAssociation)).toHaveLength(1);
  });

  it("is refused a second time to the creator, who has it from the start", async () => {
    await create();
    const caller = "arn:aws:iam::111122223333:user/rehearsal";
    await expect(
      account.create(types.accessEntry, "me", { clusterName: "dev", principalArn: caller }),
    ).rejects.toThrow(
      "ResourceInUseException: The specified access entry resource is already in use on this cluster.",
    );
  });

  it("belongs to the assumed role, by its own ARN, where the provider assumes one", async () => {
    const roleArn = "arn:aws:iam::111122223333:role/teams/deployer";
    account.aws.configure({ assumeRoles: JSON.stringify([{ roleArn, sessionName: "up" }]) });
    await create();
    expect(await account.aws.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})).toMatchObject({
      arn: "arn:aws:sts::111122223333:assumed-role/deployer/up",
    });
    await expect(
      account.create(types.accessEntry, "role", { clusterName: "dev", principalArn: roleArn }),
    ).rejects.toThrow("ResourceInUseException");
    const principalArn = "arn:aws:iam::111122223333:user/rehearsal";
    await account.create(types.accessEntry, "user", { clusterName: "dev", principalArn });
  });

  it("by entries needs the authentication mode API", async () => {
    await create({ accessConfig: { authenticationMode: "CONFIG_MAP" } });
    await expect(
      account.create(types.accessEntry, "x", { clusterName: "dev", principalArn }),
    ).rejects.toThrow("must be set to one of [API, API_AND_CONFIG_MAP]");
  });
});
