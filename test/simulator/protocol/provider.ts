/** Values as a provider sees them: JSON, or UNKNOWN where a preview cannot know yet. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Values = { [key: string]: Value };

/** The engine's mark for a value that a preview cannot know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The resource that a call is about. */
export interface Subject {
  readonly urn: string;
  /** Pulumi type, such as `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  /** Logical name: the URN's last part. */
  readonly name: string;
}

export interface Difference {
  /** Properties that changed. Empty: no difference. */
  readonly changed: readonly string[];
  /** Those among them that force a replacement. */
  readonly replaces: readonly string[];
  /** Delete before the replacement is created, because both cannot exist at once. */
  readonly deleteBeforeReplace?: boolean;
}

export interface State {
  readonly id: string;
  readonly outputs: Values;
  /** Inputs as they are now, where a read finds others than before. Default: those of before. */
  readonly inputs?: Values;
}

/** Refusal of a call, in the words of the real service. */
export class Refusal extends Error {}

/** The resource exists, but did not become ready: it stays in the state, with the reasons. */
export class NotReady extends Error {
  readonly state: State;
  readonly reasons: readonly string[];

  constructor(state: State, reasons: readonly string[]) {
    super(`resource ${state.id} was successfully created, but did not become ready: ${reasons.join("; ")}`);
    this.state = state;
    this.reasons = reasons;
  }
}

/** One provider of the simulation, in plain values; `serve` puts it on gRPC. */
export interface ProviderDouble {
  readonly name: string;
  readonly version: string;
  /** Learns the arguments of a provider resource; several of a package share the process. */
  configure?(args: Values): void;
  /** Fills in what the real provider fills in (names), and returns the problems of the inputs. */
  check(subject: Subject, olds: Values | undefined, news: Values): { inputs: Values; failures: string[] };
  diff(subject: Subject, oldInputs: Values, news: Values, oldOutputs: Values): Difference;
  create(subject: Subject, inputs: Values, preview: boolean): Promise<State>;
  update(
    subject: Subject,
    id: string,
    oldInputs: Values,
    news: Values,
    preview: boolean,
    oldOutputs?: Values,
  ): Promise<Values>;
  delete(subject: Subject, id: string, outputs: Values): Promise<void>;
  /** The resource's present state; undefined when it is gone. */
  read(subject: Subject, id: string, inputs: Values, outputs: Values): Promise<State | undefined>;
  invoke(token: string, args: Values): Promise<Values>;
}
