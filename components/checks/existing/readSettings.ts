import { type ExistingStackSettings, existingSchema } from "../../settings/existing.ts";
import type { ExistingCluster, ExistingSettings } from "../../settings/existingSettings.ts";
import { inFileOrder } from "../../settings/fileOrder.ts";
import { formProblems } from "../../settings/formProblems.ts";
import { deepFreeze } from "../../settings/freeze.ts";
import { existingJsonSchema, schemaAt, settingsJsonSchema } from "../../settings/jsonSchema.ts";
import { foreignProblems, regionOf, writtenSettings } from "../../settings/namespaces.ts";
import { type Path, pathText, valueAt } from "../../settings/paths.ts";
import type { Problem } from "../../values/problem.ts";
import type { Origin } from "../readSettings.ts";
import { existingSettingsProblems } from "./settingsRules.ts";

/** The settings, frozen, or everything that is wrong with them. */
export type ExistingReading =
  | { readonly settings: ExistingSettings; readonly problems: readonly [] }
  | { readonly settings?: never; readonly problems: readonly Problem[] };

type ConfigOrigin = Pick<Origin, "config" | "project">;

/** Whether a stack's configuration asks for a cluster that is there, rather than for a new one. */
export function takesExisting(origin: ConfigOrigin): boolean {
  const { cluster } = writtenSettings(origin);
  return typeof cluster === "object" && cluster !== null && "existing" in cluster;
}

/** Reads the configuration of a stack that takes a cluster as it is, reporting every problem in one go. */
export function readExistingSettings(origin: Omit<Origin, "today">): ExistingReading {
  const written = writtenSettings(origin);
  const { kept, problems: elsewhere } = withoutForeign(written);
  const parsed = existingSchema.safeParse(kept);
  const form = formProblems(parsed.error?.issues ?? [], kept, existingJsonSchema);
  const byName = valueAt(written, ["cluster", "existing", "eksName"]) !== undefined;
  const problems = [
    ...foreignProblems(origin, byName ? "needed" : "optional"),
    ...elsewhere,
    ...form.map(({ path, found, needs, fix }) => ({ path, found, needs, fix })),
    ...(parsed.data === undefined ? [] : existingSettingsProblems(parsed.data)),
  ];
  const cluster = parsed.data && clusterOf(parsed.data);
  if (problems.length > 0 || parsed.data === undefined || cluster === undefined) {
    return { problems: inFileOrder(problems, parsed.data ?? written) };
  }
  const { account, calico, kubeProxy } = parsed.data;
  const { config, project, stack } = origin;
  const region = regionOf(config);
  const profile = config["aws:profile"];
  return {
    settings: deepFreeze({ project, stack, region, profile, account, cluster, calico, kubeProxy }),
    problems: [],
  };
}

function clusterOf({ cluster }: ExistingStackSettings): ExistingCluster | undefined {
  const { eksName, kubeconfig, context, apiServer } = cluster.existing;
  if (eksName !== undefined) return { kind: "eks", name: eksName };
  if (kubeconfig === undefined || apiServer === undefined) return undefined;
  return { kind: "kubeconfig", file: kubeconfig, context, apiServer };
}

/** Takes out, and reports, what only a cluster of our own could follow. */
function withoutForeign(written: Readonly<Record<string, unknown>>) {
  const problems: Problem[] = [];
  const visit = (value: unknown, at: Path): unknown => {
    const isOurs = schemaAt(existingJsonSchema(), at).properties;
    if (typeof value !== "object" || value === null || Array.isArray(value) || isOurs === undefined)
      return value;
    const entries = Object.entries(value).flatMap(([key, inner]) => {
      const path = [...at, key];
      const makesCluster =
        !(key in isOurs) && schemaAt(settingsJsonSchema(), at).properties?.[key] !== undefined;
      if (makesCluster) problems.push(foreignProblem(path));
      return makesCluster ? [] : [[key, visit(inner, path)] as const];
    });
    return Object.fromEntries(entries);
  };
  const kept = visit(written, []);
  const absent = valueAt(kept, ["kubeProxy"]) === "Absent";
  if (!absent) return { kept, problems };
  const { kubeProxy: _, ...others } = kept as Record<string, unknown>;
  return { kept: others, problems: [...problems, absentProblem] };
}

function foreignProblem(path: Path): Problem {
  return {
    path: pathText(path),
    found: "it has no effect",
    needs: "cluster.existing names a cluster that is taken as it is",
    fix: "Remove one of the two",
  };
}

const absentProblem: Problem = {
  path: "kubeProxy",
  found: "Absent would delete a kube-proxy that this stack did not make",
  needs: "cluster.existing names a cluster that is left as it was found",
  fix: "Set kubeProxy: Parked, which keeps it from every node",
};
