import type { Settings, Surroundings } from "../settings/settings.ts";
import type { Problem } from "../values/problem.ts";

/** The part of an ARN that tells principals of IAM apart: names are unique in an account, whatever their path. */
interface Principal {
  readonly account: string;
  readonly kind: string;
  readonly name: string;
}

/**
 * ARN of the principal that has access to the cluster because it created it: as the stack has it on record; before the
 * first `up` the role that is assumed for everything, or who calls. Undefined: the stack is older than such records.
 */
export function clusterCreator(
  { account }: Pick<Settings, "account">,
  { caller, previous }: Pick<Surroundings, "caller" | "previous">,
): string | undefined {
  return previous === undefined ? (account.roleArn ?? principalArn(caller)) : previous.clusterCreator;
}

/**
 * Admins that EKS lets in already, because it makes an access entry for the principal that creates a cluster and refuses
 * a second one with 409 (pulumi/pulumi-eks#2373). Of a stack that is up, its record counts and not who calls: an admin
 * may run the preview.
 */
export function creatorProblems(settings: Settings, surroundings: Surroundings): Problem[] {
  const creator = clusterCreator(settings, surroundings);
  if (creator === undefined) return [];
  return settings.cluster.admins.flatMap((admin, index) =>
    isSame(principalOf(admin), principalOf(creator))
      ? [
          {
            path: `cluster.admins[${index}]`,
            found: `${admin} ${surroundings.previous === undefined ? "creates" : "created"} the cluster`,
            needs: "EKS gives it full access by itself, and refuses a second access entry for it",
            fix: "Remove it",
          },
        ]
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
