import { partitionOf } from "./partition.ts";
import type { Problem } from "./problem.ts";
import type { Settings, Surroundings } from "./settings/settings.ts";

/** IAM takes a boundary of the role's own account, or one that AWS manages. */
export function permissionsBoundaryProblems(
  { iam, region }: Settings,
  { accountId }: Pick<Surroundings, "accountId">,
): Problem[] {
  const partition = partitionOf(region);
  const [, foundPartition, , , foundAccount] = iam.permissionsBoundary?.split(":") ?? [];
  if (foundPartition === undefined || foundAccount === undefined) return [];
  const problem = (found: string, needs: string, fix: string): Problem => ({
    path: "iam.permissionsBoundary",
    found,
    needs,
    fix,
  });
  if (foundPartition !== partition) {
    return [
      problem(
        `the policy is in the partition ${foundPartition}`,
        `${region} is in ${partition}`,
        `Name a policy whose ARN begins with arn:${partition}:`,
      ),
    ];
  }
  if (foundAccount === "aws" || foundAccount === accountId) return [];
  return [
    problem(
      `the policy is in account ${foundAccount}`,
      `the credentials are of ${accountId}, and a role's boundary has to be in its own account`,
      `Name a policy of ${accountId}, or use credentials of ${foundAccount}`,
    ),
  ];
}
