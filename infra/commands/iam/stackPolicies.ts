import { nodePolicies } from "../../../components/facts/nodes.ts";
import { vpcCni } from "../../../components/facts/vpcCni.ts";
import type { Settings } from "../../../components/settings/settings.ts";
import { ebsPolicy } from "../../../components/specs/addons.ts";
import { partitionOf } from "../../../components/values/partition.ts";
import type { Registration } from "../stacks/registration.ts";
import { type Access, eksChildren } from "./facts/scopes.ts";
import { lookupActions } from "./facts/serviceActions.ts";
import { iamPolicies, knownTypes, type PolicyDocument } from "./policies.ts";

export interface StackPoliciesArgs {
  readonly settings: Settings;
  readonly registration: Registration;
  readonly accountId: string;
  readonly access: Access;
  /** Cover everything that any stack could register, not only this one. */
  readonly everySetting: boolean;
}

/** Managed policies that settings attach to roles, in the form of `Place`, besides those that a stack file names. */
export const broughtPolicies: readonly string[] = [
  ...nodePolicies,
  eksChildren.clusterPolicy,
  ebsPolicy,
  vpcCni.policy,
];

/** The policies for a stack, by name: `<cluster>-up`, or `<cluster>-up-1` and so on where there are several. */
export function stackPolicies(args: StackPoliciesArgs): Record<string, PolicyDocument> {
  const { settings, registration, accountId, access, everySetting } = args;
  const { cluster, iam, nodePools, region } = settings;
  const types = everySetting ? knownTypes : typesOf(registration, settings);
  const documents = iamPolicies({
    types,
    lookups: everySetting ? Object.keys(lookupActions) : registration.lookups,
    access,
    place: {
      partition: partitionOf(region),
      region,
      accountId,
      clusterName: cluster.name,
      secretsKey: everySetting && cluster.secretsKey === "aws-owned" ? "create" : cluster.secretsKey,
      permissionsBoundary: iam.permissionsBoundary,
      attachedPolicies: [
        ...new Set([...attachedPolicies(registration), ...(everySetting ? broughtPolicies : [])]),
      ].toSorted(),
      spot: everySetting || Object.values(nodePools).some(({ capacity }) => capacity === "SPOT"),
      podIdentity: types.includes("aws:eks/podIdentityAssociation:PodIdentityAssociation"),
    },
  });
  const name = `${cluster.name}-${access}`;
  return Object.fromEntries(
    documents.map((one, index) => [documents.length === 1 ? name : `${name}-${index + 1}`, one]),
  );
}

/** AWS resource types that a stack registers, including those that the eks component adds. */
export function typesOf({ resources }: Registration, { cluster }: Pick<Settings, "cluster">): string[] {
  const own = resources.map(({ type }) => type).filter((type) => type.startsWith("aws:"));
  const ofComponent = [...eksChildren.always, ...(cluster.admins.length > 0 ? eksChildren.perAdmin : [])];
  return [...new Set([...own, ...ofComponent])].toSorted();
}

/** The policies that are attached to roles, in the form of `Place`. */
export function attachedPolicies({ resources }: Pick<Registration, "resources">): string[] {
  const arns = resources.map(({ inputs }) => inputs["policyArn"]).filter((arn) => typeof arn === "string");
  return [eksChildren.clusterPolicy, ...arns.map((arn) => arn.replace(/^arn:[a-z-]+:iam::aws:policy\//, ""))];
}
