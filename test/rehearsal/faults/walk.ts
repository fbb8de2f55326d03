import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { IsDue } from "./interruption.ts";

/** A moment at which an operation changes the state: it begins, or has ended. */
export interface Point {
  readonly moment: "begins" | "has ended";
  /** `create`, `create-replacement`, … */
  readonly operation: string;
  readonly urn: string;
}

/**
 * The point that an event tells of; undefined for the others, between which the state stays what it is: the engine's log,
 * what the program says, and resources that stay the same.
 */
function pointOf({ resourcePreEvent, resOutputsEvent }: EngineEvent): Point | undefined {
  const { op, urn } = (resourcePreEvent ?? resOutputsEvent)?.metadata ?? { op: "same", urn: "" };
  if (op === "same") return undefined;
  return { moment: resourcePreEvent === undefined ? "has ended" : "begins", operation: op, urn };
}

/** After this number of points. */
export function afterPoints(number: number): IsDue {
  let points = 0;
  return (event) => {
    if (pointOf(event) === undefined) return false;
    points += 1;
    return points === number;
  };
}

/**
 * Interrupts every operation at the first point at which none has been interrupted, so that one run after the other walks
 * through a whole creation.
 */
export class Walk {
  readonly #moment: Point["moment"] | undefined;
  readonly #visited = new Map<string, Point>();

  /** @param moment walks through these points only; default: all */
  constructor(moment?: Point["moment"]) {
    this.#moment = moment;
  }

  /** Points at which an operation was interrupted. */
  get visited(): readonly Point[] {
    return [...this.#visited.values()];
  }

  /** For one `up`. */
  next(): IsDue {
    let isOver = false;
    return (event) => {
      const point = pointOf(event);
      if (point === undefined || (this.#moment !== undefined && point.moment !== this.#moment)) return false;
      const key = `${point.operation} of ${point.urn} ${point.moment}`;
      if (isOver || this.#visited.has(key)) return false;
      this.#visited.set(key, point);
      isOver = true;
      return true;
    };
  }
}
