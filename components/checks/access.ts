import { documentationRanges, privateRanges } from "../facts/networks.ts";
import type { Settings, Surroundings } from "../settings/settings.ts";
import { holdEverything, openRanges, prefixLength, within } from "../values/cidr.ts";
import { listed, type Problem, repeats } from "../values/problem.ts";

/** Rules on who reaches the API server and who may do what there. */
export function accessProblems({ cluster }: Settings): Problem[] {
  const oneRule = "EC2 accepts one rule for each";
  return [
    ...everybody(cluster),
    ...privateAddresses(cluster),
    ...documentationAddresses(cluster),
    ...wideAccess(cluster),
    ...repeats("cluster.privateAccessCidrs", cluster.privateAccessCidrs, oneRule),
    ...repeats("cluster.privateAccessSecurityGroupIds", cluster.privateAccessSecurityGroupIds, oneRule),
    ...repeats("cluster.admins", cluster.admins, "EKS accepts one access entry for each"),
  ];
}

/** Rules on the private endpoint of a cluster whose network does not exist yet. */
export function newNetworkProblems({ cluster, network }: Settings, { previous }: Surroundings): Problem[] {
  if (network.existing !== undefined || previous !== undefined) return [];
  return atEach(cluster.privateAccessSecurityGroupIds, "cluster.privateAccessSecurityGroupIds", () => true, {
    found: (id) => `${id} cannot be in the VPC or in a VPC peered with it`,
    needs: "this `pulumi up` creates the VPC",
    fix: "Use an existing network (network.existing), or add the group once the VPC exists",
  });
}

/** No private block is larger than /8. */
function wideAccess({ privateAccessCidrs }: Settings["cluster"]): Problem[] {
  return atEach(privateAccessCidrs, "cluster.privateAccessCidrs", (range) => prefixLength(range) < 8, {
    found: (range) => `${range} is larger than any private network`,
    needs: "the rule opens the API server to all of it",
    fix: "List the clients' ranges, such as 10.60.0.0/16",
  });
}

function everybody({ publicAccessCidrs, allowPublicAnywhere }: Settings["cluster"]): Problem[] {
  if (allowPublicAnywhere) return [];
  return openRanges(publicAccessCidrs).map((cidrs) => {
    const [first = ""] = cidrs;
    const together = `${listed(cidrs)}${cidrs.length === 1 ? "" : " together"}`;
    const [opens, size] =
      cidrs.length === 1 ? ["opens", "is larger than a /8"] : ["open", "are more than a /8"];
    return {
      path: `cluster.publicAccessCidrs[${publicAccessCidrs.indexOf(first)}]`,
      found: holdEverything(cidrs)
        ? `${together} ${opens} the API server to the internet`
        : `${together} ${size}`,
      needs: holdEverything(cidrs)
        ? "this must be allowed explicitly"
        : "access from more than one organization's addresses must be allowed explicitly",
      fix: "List only the ranges that need access, or set cluster.allowPublicAnywhere: true",
    };
  });
}

function privateAddresses({ publicAccessCidrs }: Settings["cluster"]): Problem[] {
  const isPrivate = (cidr: string) => privateRanges.some((range) => within(cidr, range));
  return atEach(publicAccessCidrs, "cluster.publicAccessCidrs", isPrivate, {
    found: (cidr) => `${cidr} contains private addresses`,
    needs: "the public endpoint sees public addresses only, and EKS refuses private ones",
    fix: "Write your network's public address, or remove it: the VPC uses the private endpoint",
  });
}

/** EKS refuses them about a minute into the creation; a stack file that has one still has its placeholder. */
function documentationAddresses({ publicAccessCidrs }: Settings["cluster"]): Problem[] {
  const isExample = (cidr: string) => documentationRanges.some((range) => within(cidr, range));
  return atEach(publicAccessCidrs, "cluster.publicAccessCidrs", isExample, {
    found: (cidr) => `${cidr} is reserved for documentation`,
    needs: "EKS refuses it, and no client has such an address",
    fix: "Write the public address of the machine that runs Pulumi, as https://checkip.amazonaws.com shows it, with /32",
  });
}

function atEach(
  values: readonly string[],
  path: string,
  applies: (value: string) => boolean,
  { found, needs, fix }: { found: (value: string) => string; needs: string; fix: string },
): Problem[] {
  return values.flatMap((value, index) =>
    applies(value) ? [{ path: `${path}[${index}]`, found: found(value), needs, fix }] : [],
  );
}

/** The part of an ARN that identifies an IAM principal: names are unique in an account, regardless of path. */
interface Principal {
  readonly account: string;
  readonly kind: string;
  readonly name: string;
}

/**
 * ARN of the principal that has access to the cluster because it created it: the one on the stack's record; before the
 * first `up` the role that is assumed for everything, or the caller. Undefined: the stack is older than such records.
 */
export function clusterCreator(
  { account }: Pick<Settings, "account">,
  { caller, previous }: Pick<Surroundings, "caller" | "previous">,
): string | undefined {
  return previous === undefined ? (account.roleArn ?? principalArn(caller)) : previous.clusterCreator;
}

/**
 * Admins that already have access, because EKS creates an access entry for the principal that creates a cluster and refuses
 * a second one with 409 (pulumi/pulumi-eks#2373). For a deployed stack the record counts, not the caller: an admin
 * may run the preview.
 */
export function creatorProblems(settings: Settings, surroundings: Surroundings): Problem[] {
  const creator = clusterCreator(settings, surroundings);
  if (creator === undefined) return [];
  return settings.cluster.admins.flatMap((admin, index) =>
    isSame(principalOf(admin), principalOf(creator))
      ? {
          path: `cluster.admins[${index}]`,
          found: `${admin} ${surroundings.previous === undefined ? "creates" : "created"} the cluster`,
          needs: "EKS already gives it full access, and refuses a second access entry",
          fix: "Remove it",
        }
      : [],
  );
}

/** `arn:aws:sts::111122223333:assumed-role/platform/session` → `arn:aws:iam::111122223333:role/platform`. */
function principalArn(caller: string): string {
  const [, partition, service, , account, resource = ""] = caller.split(":");
  const [kind, name] = resource.split("/");
  return service === "sts" && kind === "assumed-role"
    ? `arn:${partition}:iam::${account}:role/${name}`
    : caller;
}

function principalOf(arn: string): Principal {
  const [, , , , account = "", resource = ""] = arn.split(":");
  const [kind = "", ...path] = resource.split("/");
  return { account, kind, name: path.at(-1) ?? "" };
}

function isSame(one: Principal, other: Principal): boolean {
  return one.account === other.account && one.kind === other.kind && one.name === other.name;
}
