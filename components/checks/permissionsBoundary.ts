import type { Settings, Surroundings } from "../settings/settings.ts";
import type { Problem } from "../values/problem.ts";
import { accountOf } from "./account.ts";

/** IAM takes a boundary of the role's own account, or one that AWS manages. */
export function permissionsBoundaryProblems(
  { iam: { permissionsBoundary = "" } }: Settings,
  { accountId }: Pick<Surroundings, "accountId">,
): Problem[] {
  const account = accountOf(permissionsBoundary);
  if (account === "" || account === "aws" || account === accountId) return [];
  return [
    {
      path: "iam.permissionsBoundary",
      found: `the policy is in account ${account}`,
      needs: `the credentials are of ${accountId}, and a role's boundary has to be in its own account`,
      fix: `Name a policy of ${accountId}, or use credentials of ${account}`,
    },
  ];
}
