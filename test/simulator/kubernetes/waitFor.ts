import { at, type KubernetesObject } from "./object.ts";

/** Whether an object fulfils a `pulumi.com/waitFor`, and how the real provider words that it does not. */
export interface Fulfilment {
  readonly holds: boolean;
  readonly message: string;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly observedGeneration?: number;
}

/**
 * Judges `condition=Ready` and `jsonpath={.spec.field}=value`, or a JSON array of those, all of which have to hold. The
 * wording is the real one (pulumi/pulumi-kubernetes provider/pkg/await/condition and provider/pkg/jsonpath).
 */
export function fulfilment(waitFor: string, object: KubernetesObject): Fulfilment {
  const all = expressions(waitFor).map((expression) => judged(expression, object));
  const open = all.filter(({ holds }) => !holds);
  return {
    holds: open.length === 0,
    message: (open.length === 0 ? all : open).map(({ message }) => message).join("; "),
  };
}

function expressions(waitFor: string): readonly string[] {
  return waitFor.startsWith("[") ? JSON.parse(waitFor) : [waitFor];
}

function judged(expression: string, object: KubernetesObject): Fulfilment {
  const condition = /^condition=(?<type>\w+)(=(?<status>\w+))?$/.exec(expression)?.groups;
  if (condition !== undefined) {
    return ofCondition(object, condition["type"] ?? "", condition["status"] ?? "True");
  }
  const path = /^jsonpath=(?<braced>\{\.(?<path>[\w.]+)\})(=(?<value>.+))?$/.exec(expression)?.groups;
  if (path !== undefined) {
    return ofPath(path["braced"] ?? "", at(object, path["path"] ?? ""), path["value"]);
  }
  return { holds: false, message: `expected a "jsonpath=" or "condition=" prefix, got "${expression}"` };
}

function ofPath(braced: string, found: unknown, wanted: string | undefined): Fulfilment {
  if (found === undefined) return { holds: false, message: `${braced} selected nothing` };
  const text = wanted === undefined ? braced : `${braced}=${wanted}`;
  const holds = wanted === undefined || String(found) === wanted;
  return { holds, message: holds ? `Found ${text}` : `Waiting for ${text} (found "${found}")` };
}

function ofCondition(object: KubernetesObject, type: string, status: string): Fulfilment {
  const conditions = at(object, "status.conditions") as readonly Condition[] | undefined;
  if (conditions === undefined) return { holds: false, message: "Has no .status.conditions" };
  const found = conditions.find((one) => one.type === type);
  // Of this the real provider says nothing at all.
  if (found === undefined) return { holds: false, message: `Resource has no condition ${type}` };
  const generation = object.metadata.generation ?? 0;
  const { observedGeneration = generation } = found;
  if (observedGeneration < generation) {
    return { holds: false, message: `Generation ${observedGeneration} is less than expected ${generation}` };
  }
  const text = `Resource has condition ${type}=${found.status}`;
  if (found.status === status) return { holds: true, message: text };
  return { holds: false, message: `${text} (want ${status})` };
}
