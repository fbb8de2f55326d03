import { lookUp } from "../../../components/values/lookUp.ts";
import { networkActions } from "./facts/networkActions.ts";
import { type Access, type Scope, scopes } from "./facts/scopes.ts";
import { lookupActions, serviceActions } from "./facts/serviceActions.ts";
import { type Hold, holds, type Place } from "./statements.ts";

interface Statement extends Hold {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** Maximum size of a managed policy, without white space. Source: IAM user guide, IAM and STS quotas (2026-11). */
export const largestPolicy = 6144;

const typeActions = { ...networkActions, ...serviceActions };

/** Resource types of AWS for which actions are known. */
export const knownTypes: readonly string[] = Object.keys(typeActions);

export interface IamPoliciesArgs {
  /** Resource types that the stack registers; those of other providers are ignored. */
  readonly types: readonly string[];
  /** Tokens of the functions that the program invokes. */
  readonly lookups: readonly string[];
  readonly access: Access;
  readonly place: Place;
}

/**
 * The least that credentials need for a stack, as managed policies to attach together: several where one
 * would be too large.
 * @throws Error when the actions of a type or a function are not known
 */
export function iamPolicies({ types, lookups, access, place }: IamPoliciesArgs): PolicyDocument[] {
  const actions = [
    ...types.filter((type) => type.startsWith("aws:")).flatMap((type) => actionsOf(type, access)),
    ...lookups.filter((token) => token.startsWith("aws:")).flatMap(actionsOfLookup),
  ];
  return packed(statements([...new Set(actions)].toSorted(), place, access));
}

function actionsOf(type: string, access: Access): readonly string[] {
  const row = lookUp(typeActions, type);
  if (row === undefined)
    throw new Error(`the IAM actions of ${type} are not known; add them to infra/commands/iam/facts`);
  return access === "preview" ? row.read : [...row.create, ...row.read, ...row.update, ...row.delete];
}

function actionsOfLookup(token: string): readonly string[] {
  const row = lookUp<readonly string[]>(lookupActions, token);
  if (row === undefined)
    throw new Error(`the IAM actions of ${token} are not known; add them to infra/commands/iam/facts`);
  return row;
}

/** One for each scope, in the order of their names. */
function statements(actions: readonly string[], place: Place, access: Access): Statement[] {
  const byScope = Map.groupBy(actions, scopeOf);
  return [...byScope]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([scope, held]) => {
      const hold = holds[scope](place, access);
      const Sid = `${scope.charAt(0).toUpperCase()}${scope.slice(1)}`;
      return hold === undefined ? [] : [{ Sid, Effect: "Allow" as const, Action: held, ...hold }];
    });
}

function scopeOf(action: string): Scope {
  const scope = lookUp<Scope>(scopes, action);
  if (scope === undefined)
    throw new Error(`what ${action} can be restricted to is not known; add it to infra/commands/iam/facts`);
  return scope;
}

/** As few documents as the size of a policy allows, statements in their order. */
function packed(all: readonly Statement[]): PolicyDocument[] {
  const documents: PolicyDocument[] = [];
  for (const statement of all) {
    const last = documents.at(-1);
    const longer = document([...(last?.Statement ?? []), statement]);
    if (last === undefined || sizeOf(longer) > largestPolicy) documents.push(document([statement]));
    else documents[documents.length - 1] = longer;
  }
  return documents;
}

function document(Statement: readonly Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement };
}

/** Characters that IAM counts. */
export function sizeOf(policy: PolicyDocument): number {
  return JSON.stringify(policy).length;
}
