import { Refusal } from "../../simulator/protocol/provider.ts";
import type { Activity } from "../../simulator/world/activity.ts";
import { type Fault, matches } from "../../simulator/world/fault.ts";
import type { Call, Interference } from "../../simulator/world/interference.ts";
import { answerLost, refused, timedOut } from "./words.ts";

/** Simulated seconds after which a call that gets no answer is given up. */
const stallSeconds = 1200;

/** A fault that has occurred. */
export interface Injected extends Pick<Fault, "operation" | "kind"> {
  readonly fault: Fault;
  readonly urn: string;
}

/** Injects the given faults, each for every resource that it names. */
export class Injector {
  /** In the order of occurrence. */
  readonly injected: Injected[] = [];
  readonly #faults: Fault[];
  readonly #used = new Set<Fault>();
  /** Number of calls so far, by fault, operation and resource. */
  readonly #calls = new Map<string, number>();

  constructor(faults: readonly Fault[]) {
    this.#faults = [...faults];
  }

  /** Adds faults for the next calls. */
  add(...faults: readonly Fault[]): void {
    this.#faults.push(...faults);
  }

  /** Stops injecting faults. */
  clear(): void {
    this.#faults.length = 0;
    this.#calls.clear();
  }

  /** Whether a fault has occurred at least once. */
  cameAbout(fault: Fault): boolean {
    return this.#used.has(fault);
  }

  readonly interfere: Interference = async (call, activity, work) => {
    const fault = this.#faultOf(call);
    if (fault === undefined) return work();
    this.#used.add(fault);
    const { urn } = call.subject;
    this.injected.push({ fault, urn, operation: call.operation, kind: fault.kind });
    if (fault.kind === "lost") {
      await work();
      throw new Refusal(answerLost(call));
    }
    await before(fault, call, activity);
    return work();
  };

  #faultOf(call: Call): Fault | undefined {
    const candidates = this.#faults
      .map((fault, index) => ({ fault, index }))
      .filter(({ fault }) => fault.operation === call.operation && matches(fault.target, call.subject));
    // Every fault counts its own calls, whichever of them occurs.
    const due = candidates.filter(({ fault: { when }, index }) => {
      const key = `${index} ${call.subject.urn}`;
      const count = (this.#calls.get(key) ?? 0) + 1;
      this.#calls.set(key, count);
      return when === "always" || count === (when === "once" ? 1 : when);
    });
    return due[0]?.fault;
  }
}

/** What happens instead of the call, or before it is let through. */
async function before({ kind }: Fault, call: Call, activity: Activity): Promise<void> {
  if (kind === "stall") {
    await activity.work(stallSeconds);
    throw new Refusal(timedOut(call, stallSeconds));
  }
  throw new Refusal(refused(call));
}
