import { at, type KubernetesObject } from "./object.ts";

/** Whether an object fulfils a `pulumi.com/waitFor`, and how the real provider words that it does not. */
export interface Fulfilment {
  readonly holds: boolean;
  readonly message: string;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

/** Judges `condition=Ready` and `jsonpath={.spec.field}=value`; the wording is the real one (measured with pulumi-kubernetes 4.32). */
export function fulfilment(waitFor: string, object: KubernetesObject): Fulfilment {
  const condition = /^condition=(?<type>\w+)(=(?<status>\w+))?$/.exec(waitFor)?.groups;
  if (condition !== undefined)
    return ofCondition(object, condition["type"] ?? "", condition["status"] ?? "True");
  const path = /^jsonpath=\{\.(?<path>[\w.]+)\}=(?<value>.*)$/.exec(waitFor)?.groups;
  if (path === undefined) return { holds: false, message: `cannot read pulumi.com/waitFor: ${waitFor}` };
  const found = at(object, path["path"] ?? "");
  const wanted = path["value"] ?? "";
  const text = `{.${path["path"]}}=${wanted}`;
  if (String(found) === wanted) return { holds: true, message: `Found ${text}` };
  return {
    holds: false,
    message: `Waiting for ${text} (found ${found === undefined ? "nothing" : `"${found}"`})`,
  };
}

function ofCondition(object: KubernetesObject, type: string, status: string): Fulfilment {
  const conditions = (at(object, "status.conditions") ?? []) as readonly Condition[];
  const found = conditions.find((one) => one.type === type);
  if (found === undefined) return { holds: false, message: `Resource has no condition ${type}` };
  const generation = object.metadata.generation ?? 0;
  if ((found.observedGeneration ?? generation) < generation) {
    return {
      holds: false,
      message: `Generation ${found.observedGeneration} is less than expected ${generation}`,
    };
  }
  const text = `Resource has condition ${type}=${found.status}`;
  if (found.status === status) return { holds: true, message: text };
  const why = found.message ? `: ${found.message}` : "";
  return { holds: false, message: `${text} (want ${status})${why}` };
}
