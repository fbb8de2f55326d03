/** Calls of a provider that a fault can hit. */
const operations = ["create", "update", "delete", "read"] as const;
export type Operation = (typeof operations)[number];

/**
 * What goes wrong: the call is refused before anything happens (error); its answer gets lost after the work was done
 * (lost); it hangs, then times out (stall).
 */
const kinds = ["error", "lost", "stall"] as const;
export type Kind = (typeof kinds)[number];

/** Which of a resource's calls a fault hits: the first, all, or the n-th. */
type When = "once" | "always" | number;

/** Something that goes wrong in the simulated cloud. */
export interface Fault {
  /**
   * Pulumi type or logical name, or the end of one from a `:`, `-` or `/` on: `Vpc` is `aws:ec2/vpc:Vpc`, `felix` is
   * `calico-ebpf-eks-dev-node-felix`. `*` is every resource.
   */
  readonly target: string;
  readonly operation: Operation;
  readonly kind: Kind;
  readonly when: When;
}

export const signals = ["SIGINT", "SIGKILL"] as const;
export type Signal = (typeof signals)[number];

/** When to interrupt an `up`. */
export interface Interruption {
  /** After this number of events of the engine. */
  readonly afterEvents: number;
  /** SIGINT is Ctrl-C; SIGKILL is a machine that loses its power. */
  readonly signal: Signal;
}

/** A resource by what a fault may name. */
export interface Target {
  readonly type: string;
  readonly name: string;
}

/** Reads `TARGET:OPERATION:KIND[:WHEN]`, such as `aws:ec2/vpc:Vpc:create:error:once`, and lists all that is wrong. */
export function readFaults(texts: readonly string[]): { faults: Fault[]; problems: string[] } {
  const read = texts.map((text) => ({ text, ...readFault(text) }));
  return {
    faults: read.flatMap(({ fault }) => fault ?? []),
    problems: read.flatMap(({ text, problems }) => problems.map((problem) => `--fault ${text}: ${problem}`)),
  };
}

/** `SIGKILL after 200 events`. */
export function interruptionText({ signal, afterEvents }: Interruption): string {
  return `${signal} after ${afterEvents} events`;
}

/** As it is given: `Vpc:create:error:once`. */
export function faultText({ target, operation, kind, when }: Fault): string {
  return [target, operation, kind, when].join(":");
}

/** Whether a target names a resource: by its type, its name, or the end of one. */
export function matches(target: string, { type, name }: Target): boolean {
  const ends = (whole: string) =>
    whole === target || [":", "-", "/"].some((mark) => whole.endsWith(`${mark}${target}`));
  return target === "*" || ends(type) || ends(name);
}

function readFault(text: string): { fault?: Fault; problems: string[] } {
  const { target, operation, kind, when } = split(text);
  const foundOperation = operations.find((one) => one === operation);
  const foundKind = kinds.find((one) => one === kind);
  const foundWhen = whenOf(when);
  const problems = [
    ...(target === "" ? ["names no resource. Write TARGET:OPERATION:KIND, such as Vpc:create:error."] : []),
    ...(foundOperation === undefined ? [unknown("operation", operation, operations)] : []),
    ...(foundKind === undefined ? [unknown("kind", kind, kinds)] : []),
    ...(foundWhen === undefined ? [unknown("time", when, ["once", "always", "a positive integer"])] : []),
  ];
  if (foundOperation === undefined || foundKind === undefined || foundWhen === undefined) return { problems };
  return { fault: { target, operation: foundOperation, kind: foundKind, when: foundWhen }, problems };
}

/** From the right, because types have colons, too. The last word is the time only if the operation is third. */
function split(text: string): { target: string; operation: string; kind: string; when: string } {
  const words = text.split(":");
  const [third = "", second = "", last = ""] = words.slice(-3);
  const isOperation = (word: string) => operations.some((one) => one === word);
  const isKind = (word: string) => kinds.some((one) => one === word);
  const short = words.length < 4 || (!isOperation(third) && (isOperation(second) || isKind(last)));
  return short
    ? { target: words.slice(0, -2).join(":"), operation: second, kind: last, when: "once" }
    : { target: words.slice(0, -3).join(":"), operation: third, kind: second, when: last };
}

function whenOf(word: string): When | undefined {
  if (word === "once" || word === "always") return word;
  return /^[1-9]\d{0,5}$/.test(word) ? Number(word) : undefined;
}

function unknown(what: string, word: string, known: readonly string[]): string {
  return `invalid ${what} "${word}". Use ${known.slice(0, -1).join(", ")} or ${known.at(-1)}.`;
}
