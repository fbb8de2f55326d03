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
  /** URN of what it is deleted with; "" for none of its own, undefined where nobody says (a policy pack is not told). */
  readonly deletedWith: string | undefined;
}

/** What an organisation may decide for itself. */
export interface PolicyChoices {
  /** Keys of tags that everything has to carry, besides those of the cluster. */
  readonly requiredTags: readonly string[];
  /** Ports that may be open to everybody: those of public load balancers. */
  readonly openPorts: readonly number[];
}

/** No tag is required but the cluster's own, and nothing is open to everybody. */
export const noChoices: PolicyChoices = { requiredTags: [], openPorts: [] };

interface Described {
  /** As in a policy pack's configuration: `no-open-ingress`. */
  readonly name: string;
  /** What has to hold, as a sentence. */
  readonly description: string;
}

/** A policy that one resource alone keeps or breaks; a pack judges it before the resource is created. */
export interface ResourcePolicy extends Described {
  readonly of: "resource";
  /** What is wrong, each as `found; needed. What to do.` */
  violations(resource: PolicyResource, choices: PolicyChoices): string[];
}

/** One resource that breaks a policy on the whole stack. */
export interface Violation {
  readonly urn: string;
  readonly message: string;
}

/** A policy on how resources go together; a pack judges it at the end of a preview. */
export interface StackPolicy extends Described {
  readonly of: "stack";
  violations(resources: readonly PolicyResource[], choices: PolicyChoices): Violation[];
}

export type Policy = ResourcePolicy | StackPolicy;
