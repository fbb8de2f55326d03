import type { AccountSettings } from "../settings/account.ts";
import type { Problem } from "../values/problem.ts";

/** The account that a role belongs to: the fifth part of its ARN. */
export function accountOf(roleArn: string): string {
  return roleArn.split(":")[4] ?? "";
}

/** Rules on the account and the role that is assumed in it. */
export function accountProblems({ account: { id, roleArn } }: { account: AccountSettings }): Problem[] {
  if (id === undefined || roleArn === undefined || accountOf(roleArn) === id) return [];
  return [
    {
      path: "account.roleArn",
      found: `the role is of account ${accountOf(roleArn)}`,
      needs: `account.id is ${id}, and whoever assumes the role acts in the role's account`,
      fix: "Correct one of the two",
    },
  ];
}

/** The account that a provider refused because `account.id` is another; undefined: the error is about something else. */
export function refusedAccount(message: string): string | undefined {
  return /AWS account ID not allowed: (\d{12})/.exec(message)?.[1];
}

/** What to say when the credentials lead to another account than the one that is asked for. */
export function wrongAccount({ id = "" }: AccountSettings, actual: string): Problem {
  return {
    path: "account.id",
    found: `the credentials are of account ${actual}`,
    needs: `this stack belongs to ${id}`,
    fix: "Use credentials of that account, or set account.roleArn to a role in it",
  };
}
