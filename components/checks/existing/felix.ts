import { felixDefaults } from "../../facts/felixFields.ts";
import { shown } from "../../settings/formProblems.ts";
import { lookUp } from "../../values/lookUp.ts";
import type { Found, Problem } from "../../values/problem.ts";
import type { CalicoKind } from "./plan.ts";
import type { FoundFelix, FoundFelixConfiguration, FoundManifest } from "./snapshot.ts";

type Fields = Readonly<Record<string, unknown>>;

const object = "FelixConfiguration default";

/**
 * Rules on FelixConfiguration: what is taken over must be restorable. A field that is released falls back to its
 * default, or to the value of its other owner, which is then the same.
 */
export function felixFoundProblems(felix: FoundFelix | undefined, wanted: Fields, kind: CalicoKind): Found {
  const found = felix?.configurations.find(({ name }) => name === "default");
  if (found === undefined) {
    return {
      path: object,
      found: "it does not exist",
      needs: "Calico creates it when it starts",
      fix: "Find out why calico-node or the operator has not created it",
    };
  }
  return [
    kind === "operator" ? operatorsField(found) : switchedOnBefore(found),
    Object.entries(wanted).flatMap(([field, value]) => lostAtDestroy(found, field, value)),
  ].flat();
}

/** Rules on what overrides FelixConfiguration `default` on all nodes or on one. */
export function overruledProblems(
  felix: FoundFelix | undefined,
  manifest: FoundManifest | undefined,
  wanted: Fields,
): Problem[] {
  const ofNodes = felix?.configurations.filter(({ name }) => name !== "default") ?? [];
  return Object.entries(wanted).flatMap(([field, value]) =>
    [
      ofNodes
        .filter(({ spec }) => spec[field] !== undefined && !same(spec[field], value))
        .map(({ name, spec }) => ({
          path: `FelixConfiguration ${name}, spec.${field}`,
          found: shown(spec[field]),
          needs: `it overrides the default, which must be ${shown(value)}`,
          fix: "Remove the field",
        })),
      overruledByEnvironment(manifest, field, value),
    ].flat(),
  );
}

function overruledByEnvironment(manifest: FoundManifest | undefined, field: string, value: unknown): Found {
  const name = `FELIX_${field.toUpperCase()}`;
  const found = manifest?.env[name];
  if (found === undefined || found.toLowerCase() === String(value).toLowerCase()) return [];
  return {
    path: `DaemonSet calico-node, environment ${name}`,
    found: shown(found),
    needs: `it overrides FelixConfiguration, where the field must be ${shown(value)}`,
    fix: "Remove it from the DaemonSet",
  };
}

/** The operator writes bpfEnabled itself and stops, silently, when another client has set it. */
function operatorsField({ spec, operatorsBpfEnabled }: FoundFelixConfiguration): Found {
  const found = spec["bpfEnabled"];
  if (found === undefined ? operatorsBpfEnabled === undefined : String(found) === operatorsBpfEnabled)
    return [];
  return {
    path: `${object}, spec.bpfEnabled`,
    found: found === undefined ? "it was removed" : `${found}, not set by the operator`,
    needs: "the operator then refuses to switch the dataplane",
    fix: "Remove the field, and the annotation operator.tigera.io/bpfEnabled",
  };
}

function switchedOnBefore({ spec, ours }: FoundFelixConfiguration): Found {
  if (spec["bpfEnabled"] !== true || ours.includes("bpfEnabled")) return [];
  return {
    path: `${object}, spec.bpfEnabled`,
    found: "true, set by another client",
    needs: "its other owner must release it, or a destroy could not restore it",
    fix: "Bring kube-proxy back and remove the field; this program then sets both",
  };
}

function lostAtDestroy({ spec, ours }: FoundFelixConfiguration, field: string, wanted: unknown): Found {
  const found = spec[field];
  const byDefault = lookUp<unknown>(felixDefaults, field);
  if (found === undefined || ours.includes(field) || same(found, wanted) || same(found, byDefault)) return [];
  return {
    path: `${object}, spec.${field}`,
    found: `${shown(found)}, set by another client`,
    needs: `it must be ${shown(wanted)}, and a destroy could only restore the default, ${shown(byDefault)}`,
    fix: "Remove the field, and set it again after a destroy",
  };
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
