import { felixFields } from "../facts/felixFields.ts";
import { lookUp } from "./lookUp.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings/settings.ts";

/** Fields of FelixConfiguration that belong to somebody else. */
export function felixProblems({ calico }: Settings): Problem[] {
  return Object.keys(calico.felix).flatMap((field) => {
    const owned = lookUp(felixFields, field);
    if (owned === undefined) return [];
    return [
      {
        path: `calico.felix.${field}`,
        found: `${owned.owner === "operator" ? "the operator" : "this program"} owns the field`,
        needs: `it ${owned.reason}`,
        fix: owned.instead,
      },
    ];
  });
}
