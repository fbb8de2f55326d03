import type { Subject, Value, Values } from "../protocol/provider.ts";
import type { Activity } from "../world/activity.ts";
import type { Instance } from "../world/instance.ts";

/** Something that exists in the simulated AWS. */
export interface AwsObject {
  readonly type: string;
  readonly id: string;
  /** URN of the resource that made it; of the owner's resource where AWS made it; "" when it was there before. */
  readonly urn: string;
  /** What its generated values are made from. */
  readonly seed: string;
  /** Key of the object that it goes away with, where AWS made it by itself. */
  readonly ownedBy?: string;
  inputs: Values;
  outputs: Values;
  /** Inputs of every version so far, where AWS keeps versions (launch templates). */
  readonly versions: Values[];
  /** How many things it has started so far. */
  serial: number;
}

export interface Zone {
  readonly name: string;
  /** The same for every account: `euw1-az1`. */
  readonly id: string;
  /** Default availability-zone. The others are there because the account has opted into them. */
  readonly type?: "availability-zone" | "local-zone" | "wavelength-zone";
}

/** Limits that an account can have raised. */
export interface Quotas {
  readonly nodeGroupsPerCluster: number;
  readonly nodesPerNodeGroup: number;
  readonly rulesPerSecurityGroup: number;
}

export interface AddonEvent {
  readonly kind: "created" | "updated" | "deleted";
  readonly name: string;
  readonly clusterName: string;
  /** Version that runs from now on; undefined: it was deleted. */
  readonly version?: string;
  /** Its configuration values, JSON; empty: none. */
  readonly configuration?: string;
}

/** The simulated AWS, as the rows see it. */
export interface Cloud {
  readonly region: string;
  readonly account: string;
  /** ARN of who calls, as STS has it: of a user, or of the session in which a role is assumed. */
  readonly caller: string;
  /** ARN of the user or role behind it, as IAM has it. */
  readonly principal: string;
  readonly zones: readonly Zone[];
  /** Zones that offer an instance type; a type that is missing is offered everywhere. */
  readonly offerings: Readonly<Record<string, readonly string[]>>;
  readonly quotas: Quotas;
  readonly activity: Activity;
  /** By `keyOf(type, id)`. */
  readonly objects: ReadonlyMap<string, AwsObject>;
  readonly instances: Map<string, Instance>;
  readonly onAddon: (event: AddonEvent) => unknown;
  find(type: string, id: string): AwsObject | undefined;
  ofType(type: string): AwsObject[];
  arn(service: string, resource: string): string;
  /** All outputs of an object, computed from how things are now. */
  outputsOf(object: AwsObject): Values;
  /** Adds what AWS makes by itself; with an owner it goes away with it. */
  addManaged(made: { type: string; id: string; urn: string; inputs: Values; owner?: AwsObject }): AwsObject;
  remove(object: AwsObject): void;
}

/** What a row receives. */
export interface Request {
  readonly subject: Subject;
  readonly inputs: Values;
  readonly cloud: Cloud;
  /** The object as it is now, when it exists already. */
  readonly self?: AwsObject;
}

/** An object whose outputs are computed. */
interface Made {
  readonly object: AwsObject;
  readonly inputs: Values;
  readonly id: string;
  readonly cloud: Cloud;
}

export interface Reference {
  /** Path of the property. A list refers with each of its entries. */
  readonly property: string;
  readonly to: string;
  /** What of the target the property holds. */
  readonly by: "id" | "arn";
  /** The refusal, in AWS's words. */
  readonly missing: (value: string) => string;
  /** What the reference does to the deletion of its target: prevents it, or lets this object go with it. */
  readonly onDelete?: "prevents" | "goes";
}

/** One resource type: what it needs, what it answers, what it does. */
export interface Row {
  readonly type: string;
  readonly requires: readonly string[];
  readonly allows: readonly string[];
  /** Property that the provider fills with a generated name. */
  readonly naming?: { readonly property: string; readonly unless?: string; readonly prefix?: string };
  readonly references?: readonly Reference[];
  /** Properties whose change needs a new object. */
  readonly replaces?: readonly string[];
  /** Further properties that need one, depending on the values. */
  readonly replacesWhen?: (olds: Values, news: Values, outputs: Values) => string[];
  /** What the provider itself finds wrong with the inputs, before any call. */
  readonly problems?: (inputs: Values) => string[];
  /** Why AWS would refuse the call, in its words. */
  readonly refuses?: (request: Request) => string | undefined;
  /** Prefix of a generated id, or what the id is. */
  readonly id: string | ((inputs: Values, seed: string) => string);
  /** Refusal of an id that exists. Without it a second creation is the same as the first. */
  readonly duplicate?: (id: string, inputs: Values) => string;
  readonly defaults?: Values;
  /** What AWS computes. Unknown in a preview. */
  readonly outputs: Readonly<Record<string, (made: Made) => Value>>;
  /** Outputs that an update changes as well. */
  readonly changes?: readonly string[];
  /** Refusal of a deletion while something refers to it. */
  readonly held?: (id: string, inputs: Values) => string;
  /** Objects that prevent the deletion without referring to it. */
  readonly alsoHeldBy?: (object: AwsObject, cloud: Cloud) => AwsObject[];
  /** Seconds for which the provider tries a held deletion again. */
  readonly patienceSeconds?: number;
  /** Refusal of a deletion for what the object itself says. */
  readonly keeps?: (object: AwsObject) => string | undefined;
  /** What else happens once AWS has accepted the creation. */
  readonly begins?: (object: AwsObject, cloud: Cloud) => void;
  /** The work of the creation, in place of the seconds from the table of durations. */
  readonly creates?: (object: AwsObject, cloud: Cloud) => Promise<void>;
  /** The work of an update, in place of the seconds from the table. The object has its old inputs until it ends. */
  readonly updates?: (object: AwsObject, news: Values, cloud: Cloud) => Promise<void>;
  /** The work of the deletion, in place of the seconds from the table. */
  readonly deletes?: (object: AwsObject, cloud: Cloud) => Promise<void>;
  /** What else happens once it is gone. */
  readonly ends?: (object: AwsObject, cloud: Cloud) => void;
}

/** Key of an object among all: ids alone are not unique, a role and a cluster may have the same name. */
export function keyOf(type: string, id: string): string {
  return `${type} ${id}`;
}
