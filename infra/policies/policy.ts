/** A resource as policies see it: registered, in a preview, or in the state. */
export interface PolicyResource {
  readonly urn: string;
  /** Type token: `aws:eks/cluster:Cluster`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Inputs; what a preview cannot know is `unknown` of values.ts. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URN; "" for none. */
  readonly parent: string;
  /** URN of what it is deleted with; "" for none, undefined where it is unknown (in a policy pack). */
  readonly deletedWith: string | undefined;
}

/** An organization's configuration. */
export interface PolicyChoices {
  /** Keys of tags that every resource must have, besides those of the cluster. */
  readonly requiredTags: readonly string[];
  /** Ports that may be open to everyone: those of public load balancers. */
  readonly openPorts: readonly number[];
}

/** No tag is required except the cluster's own, and nothing is open to everyone. */
export const noChoices: PolicyChoices = { requiredTags: [], openPorts: [] };

interface Described {
  /** As in a policy pack's configuration: `no-open-ingress`. */
  readonly name: string;
  /** What must hold, as a sentence. */
  readonly description: string;
}

/** What is wrong, each as `found; needed. What to do.`; an empty list: nothing. */
export type Messages = string | readonly string[];

/** A policy on a single resource; a pack checks it before the resource is created. */
export interface ResourcePolicy extends Described {
  readonly of: "resource";
  violations(resource: PolicyResource, choices: PolicyChoices): Messages;
}

/** A resource that violates a policy on the whole stack. */
export interface Violation {
  readonly urn: string;
  readonly message: string;
}

/** A policy on resources in combination; a pack checks it at the end of a preview. */
export interface StackPolicy extends Described {
  readonly of: "stack";
  violations(resources: readonly PolicyResource[], choices: PolicyChoices): Violation[];
}

export type Policy = ResourcePolicy | StackPolicy;
