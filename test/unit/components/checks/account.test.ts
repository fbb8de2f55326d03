import { describe, expect, it } from "vitest";
import { accountProblems, refusedAccount, wrongAccount } from "../../../../components/checks/account.ts";
import { problemLine } from "../../../../components/values/problem.ts";

const roleArn = "arn:aws:iam::111122223333:role/platform/deployer";

describe("the account of a stack", () => {
  it("refuses a role of another account", () => {
    expect(accountProblems({ account: { id: "444455556666", roleArn } }).map(problemLine)).toEqual([
      "account.roleArn: the role belongs to account 111122223333; account.id is 444455556666, and a role can act only in its own account. Correct one of the two.",
    ]);
  });

  it.each([{ id: "111122223333", roleArn }, { id: "444455556666" }, { roleArn }, {}])(
    "accepts %j",
    (account) => {
      expect(accountProblems({ account })).toEqual([]);
    },
  );

  it("says whose credentials the provider refused", () => {
    const refused = refusedAccount(
      "invocation of aws:index/x returned an error: AWS account ID not allowed: 444455556666",
    );

    expect(problemLine(wrongAccount({ id: "111122223333" }, refused ?? ""))).toBe(
      "account.id: the credentials belong to account 444455556666; this stack belongs to 111122223333. Use credentials for that account, or set account.roleArn to a role in it.",
    );
  });

  it("takes no other error for that", () => {
    expect(refusedAccount("ExpiredToken: account 444455556666")).toBeUndefined();
  });
});
