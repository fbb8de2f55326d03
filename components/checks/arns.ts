import type { Settings } from "../settings/settings.ts";
import { partitionOf } from "../values/partition.ts";
import type { Problem } from "../values/problem.ts";
import { accountOf } from "./account.ts";

/** An ARN and where it was set. */
interface WrittenArn {
  readonly path: string;
  readonly noun: "role" | "principal" | "key" | "policy";
  readonly arn: string;
}

/** Rules on the partition, region and account of ARNs, as far as the settings decide them. */
export function arnProblems(settings: Settings): Problem[] {
  const { region, cluster } = settings;
  // An empty region has its own problem.
  if (region === "") return [];
  return [
    ...writtenArns(settings).flatMap((written) => partitionProblem(written, region)),
    ...keyRegion(cluster.secretsKey, region),
    ...boundaryAccount(settings),
  ];
}

function writtenArns({ account, cluster, iam }: Settings): WrittenArn[] {
  const { roleArn } = account;
  const { permissionsBoundary } = iam;
  return [
    ...(roleArn === undefined ? [] : [{ path: "account.roleArn", noun: "role", arn: roleArn } as const]),
    ...cluster.admins.map(
      (arn, index) => ({ path: `cluster.admins[${index}]`, noun: "principal", arn }) as const,
    ),
    ...(isArn(cluster.secretsKey)
      ? [{ path: "cluster.secretsKey", noun: "key", arn: cluster.secretsKey } as const]
      : []),
    ...(permissionsBoundary === undefined
      ? []
      : [{ path: "iam.permissionsBoundary", noun: "policy", arn: permissionsBoundary } as const]),
  ];
}

function partitionProblem({ path, noun, arn }: WrittenArn, region: string): Problem[] {
  const found = arn.split(":")[1];
  const wanted = partitionOf(region);
  if (found === wanted) return [];
  return [
    {
      path,
      found: `the ${noun} is in the partition ${found}`,
      needs: `${region} is in ${wanted}`,
      fix: `Name a ${noun} whose ARN begins with arn:${wanted}:`,
    },
  ];
}

/** EKS calls KMS in the cluster's own region, with a key of this account or another. */
function keyRegion(secretsKey: string, region: string): Problem[] {
  const [, partition, , keysRegion] = secretsKey.split(":");
  if (!isArn(secretsKey) || partition !== partitionOf(region) || keysRegion === region) return [];
  const copied = secretsKey.includes(":key/mrk-");
  return [
    {
      path: "cluster.secretsKey",
      found: `the key is in ${keysRegion}`,
      needs: `the cluster is in ${region}, and EKS uses keys of the cluster's region only`,
      fix: `${copied ? `Name the key's replica in ${region}` : `Name a key in ${region}`}, or write create`,
    },
  ];
}

/** Whose credentials are used is known before AWS is called when the settings say it. */
function boundaryAccount({ account, iam: { permissionsBoundary = "" } }: Settings): Problem[] {
  const { id, roleArn } = account;
  const wanted = id ?? (roleArn === undefined ? undefined : accountOf(roleArn));
  const found = accountOf(permissionsBoundary);
  if (wanted === undefined || found === "" || found === "aws" || found === wanted) return [];
  return [
    {
      path: "iam.permissionsBoundary",
      found: `the policy is in account ${found}`,
      needs: `${id === undefined ? "account.roleArn is a role of" : "account.id is"} ${wanted}, and a role's boundary has to be in its own account`,
      fix: `Name a policy of ${wanted}`,
    },
  ];
}

function isArn(text: string): boolean {
  return text.startsWith("arn:");
}
