import { describe, expect, it } from "vitest";
import { accessEntries } from "../../../../components/specs/eksCluster.ts";

describe("accessEntries", () => {
  it.each([
    ["arn:aws:iam::111122223333:role/platform", "111122223333/role/platform"],
    ["arn:aws:iam::111122223333:user/ada", "111122223333/user/ada"],
    [
      "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0a1b",
      "111122223333/role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0a1b",
    ],
  ])("gives %s the whole cluster, as %s", (principalArn, key) => {
    expect(accessEntries([principalArn], "aws")).toEqual({
      [key]: {
        principalArn,
        accessPolicies: {
          admin: {
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            accessScope: { type: "cluster" },
          },
        },
      },
    });
  });

  it("names the policy in the partition of the account", () => {
    const [entry] = Object.values(accessEntries(["arn:aws-us-gov:iam::111122223333:role/a"], "aws-us-gov"));

    expect(entry?.accessPolicies["admin"]?.policyArn).toBe(
      "arn:aws-us-gov:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
    );
  });

  it("tells apart names that differ only in a slash and a hyphen", () => {
    const admins = ["arn:aws:iam::111122223333:role/a/b", "arn:aws:iam::111122223333:role/a-b"];

    expect(Object.keys(accessEntries(admins, "aws"))).toEqual([
      "111122223333/role/a/b",
      "111122223333/role/a-b",
    ]);
  });

  it("keeps the entries of others when an admin is added at the front", () => {
    const one = "arn:aws:iam::111122223333:role/one";
    const other = "arn:aws:iam::111122223333:role/other";

    expect(accessEntries([other, one], "aws")).toMatchObject(accessEntries([one], "aws"));
    expect(accessEntries([], "aws")).toEqual({});
  });
});
