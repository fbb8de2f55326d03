import { nodePolicies } from "../facts/nodes.ts";
import { vpcCni } from "../facts/vpcCni.ts";
import type { AccountSettings } from "../settings/schema.ts";
import type { Settings, Surroundings } from "../settings/settings.ts";
import { usesVpcCni } from "../specs/vpcCni.ts";
import { partitionOf } from "../values/partition.ts";
import type { Found, Problem } from "../values/problem.ts";

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
      found: `the role belongs to account ${accountOf(roleArn)}`,
      needs: `account.id is ${id}, and a role can act only in its own account`,
      fix: "Correct one of the two",
    },
  ];
}

/** The account that a provider refused because `account.id` is another; undefined: the error is about something else. */
export function refusedAccount(message: string): string | undefined {
  return /AWS account ID not allowed: (\d{12})/.exec(message)?.[1];
}

/** The problem when the credentials belong to another account than the one in the settings. */
export function wrongAccount({ id = "" }: AccountSettings, actual: string): Problem {
  return {
    path: "account.id",
    found: `the credentials belong to account ${actual}`,
    needs: `this stack belongs to ${id}`,
    fix: "Use credentials for that account, or set account.roleArn to a role in it",
  };
}

/** An ARN and where it was set. */
interface WrittenArn {
  readonly path: string;
  readonly noun: "role" | "principal" | "key" | "policy";
  readonly arn: string;
}

/** Rules on the partition, region and account of ARNs, where the settings decide them. */
export function arnProblems(settings: Settings): Problem[] {
  const { region, cluster } = settings;
  // An empty region has its own problem.
  if (region === "") return [];
  return [
    writtenArns(settings).flatMap((written) => partitionProblem(written, region)),
    keyRegion(cluster.secretsKey, region),
    policyAccounts(settings),
    nodePolicyProblems(settings),
  ].flat();
}

function writtenArns({ account, cluster, iam }: Settings): WrittenArn[] {
  const { roleArn } = account;
  return [
    written("role", "account.roleArn", roleArn),
    cluster.admins.map((arn, index) => written("principal", `cluster.admins[${index}]`, arn)),
    isArn(cluster.secretsKey) ? written("key", "cluster.secretsKey", cluster.secretsKey) : [],
    writtenPolicies(iam),
  ].flat(2);
}

/** Policies that are named, and what of a role each is. */
function writtenPolicies({ permissionsBoundary, nodePolicyArns }: Settings["iam"]) {
  return [
    written("policy", "iam.permissionsBoundary", permissionsBoundary),
    nodePolicyArns.map((arn, index) => written("policy", `iam.nodePolicyArns[${index}]`, arn)),
  ].flat(2);
}

function written(noun: WrittenArn["noun"], path: string, arn: string | undefined): WrittenArn[] {
  return arn === undefined ? [] : [{ path, noun, arn }];
}

function partitionProblem({ path, noun, arn }: WrittenArn, region: string): Found {
  const found = arn.split(":")[1];
  const wanted = partitionOf(region);
  if (found === wanted) return [];
  return {
    path,
    found: `the ${noun} is in the partition ${found}`,
    needs: `${region} is in ${wanted}`,
    fix: `Name a ${noun} whose ARN begins with arn:${wanted}:`,
  };
}

/** EKS calls KMS in the cluster's own region, with a key of this account or another. */
function keyRegion(secretsKey: string, region: string): Found {
  const [, partition, , keysRegion] = secretsKey.split(":");
  if (!isArn(secretsKey) || partition !== partitionOf(region) || keysRegion === region) return [];
  const copied = secretsKey.includes(":key/mrk-");
  return {
    path: "cluster.secretsKey",
    found: `the key is in ${keysRegion}`,
    needs: `the cluster is in ${region}, and EKS uses keys in the cluster's region only`,
    fix: `${copied ? `Name the key's replica in ${region}` : `Name a key in ${region}`}, or write create`,
  };
}

/** Whose credentials are used is known before AWS is called when the settings say it. */
function policyAccounts({ account, iam }: Settings): Problem[] {
  const { id, roleArn } = account;
  const wanted = id ?? (roleArn === undefined ? undefined : accountOf(roleArn));
  if (wanted === undefined) return [];
  const said = id === undefined ? "account.roleArn is a role in" : "account.id is";
  return writtenPolicies(iam).flatMap(({ path, arn }) =>
    otherAccount(path, arn, wanted).map((found) => ({
      ...found,
      needs: `${said} ${wanted}, and ${roleNeeds(path)}`,
      fix: `Use a policy in ${wanted}`,
    })),
  );
}

/** A policy of another account than the role's; those that AWS manages are in every account. */
function otherAccount(path: string, arn: string, wanted: string): Pick<Problem, "path" | "found">[] {
  const account = accountOf(arn);
  if (account === "aws" || account === wanted) return [];
  return [{ path, found: `the policy is in account ${account}` }];
}

function roleNeeds(path: string): string {
  return `a ${path === "iam.permissionsBoundary" ? "permissions boundary" : "role's policy"} must be in the role's account`;
}

/** Policies of the nodes' role that it must not have, or has already. */
function nodePolicyProblems({ calico, iam: { nodePolicyArns } }: Settings): Problem[] {
  return nodePolicyArns.flatMap((arn, index) => {
    const path = `iam.nodePolicyArns[${index}]`;
    const name = arn.split("/").at(-1) ?? "";
    if (name === vpcCni.policy) {
      return {
        path,
        found: `${name} lets every process of a node rewire any network interface`,
        needs: usesVpcCni({ calico })
          ? "the AWS VPC CNI gets it from this program, for its own pods"
          : "it is for the VPC CNI, and this cluster has none",
        fix: "Remove it",
      };
    }
    const isOurs = arn.includes(":iam::aws:") && nodePolicies.some((one) => one === name);
    if (!isOurs && nodePolicyArns.indexOf(arn) === index) return [];
    return {
      path,
      found: `${name} is ${isOurs ? "one of this program's" : "listed already"}`,
      needs: "a policy can be attached to a role only once",
      fix: "Remove it",
    };
  });
}

function isArn(text: string): boolean {
  return text.startsWith("arn:");
}

/** IAM accepts a policy in the role's own account, or one that AWS manages. */
export function policyAccountProblems(
  { iam }: Pick<Settings, "iam">,
  { accountId }: Pick<Surroundings, "accountId">,
): Problem[] {
  return writtenPolicies(iam).flatMap(({ path, arn }) =>
    otherAccount(path, arn, accountId).map((found) => ({
      ...found,
      needs: `the credentials belong to ${accountId}, and ${roleNeeds(path)}`,
      fix: `Use a policy in ${accountId}, or credentials for ${accountOf(arn)}`,
    })),
  );
}
