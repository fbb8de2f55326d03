import {
  type ExistingCluster,
  type ExistingSettings,
  type ExistingStackSettings,
  existingSchema,
} from "../../settings/existing.ts";
import { formProblems } from "../../settings/formProblems.ts";
import { existingJsonSchema, schemaAt, settingsJsonSchema } from "../../settings/jsonSchema.ts";
import { foreignProblems, regionOf, writtenSettings } from "../../settings/namespaces.ts";
import { inFileOrder, type Path, pathText, valueAt } from "../../settings/paths.ts";
import { deepFreeze } from "../../settings/settings.ts";
import type { Found, Problem } from "../../values/problem.ts";
import { accountProblems } from "../account.ts";
import type { Origin } from "../checks.ts";
import { needsBpf } from "../dsr.ts";
import { withCniDefaults } from "../podNetwork.ts";

/** The settings, frozen, or every problem in them. */
export type ExistingReading =
  | { readonly settings: ExistingSettings; readonly problems: readonly [] }
  | { readonly settings?: never; readonly problems: readonly Problem[] };

type ConfigOrigin = Pick<Origin, "config" | "project">;

/** Whether a stack's configuration adopts an existing cluster instead of creating one. */
export function takesExisting(origin: ConfigOrigin): boolean {
  const { cluster } = writtenSettings(origin);
  return typeof cluster === "object" && cluster !== null && "existing" in cluster;
}

/** Reads the configuration of a stack that adopts a cluster, and reports every problem at once. */
export function readExistingSettings(origin: Omit<Origin, "today">): ExistingReading {
  const written = writtenSettings(origin);
  const { kept, problems: elsewhere } = withoutForeign(written);
  const parsed = existingSchema.safeParse(withCniDefaults(kept as Readonly<Record<string, unknown>>));
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

/** Takes out, and reports, what applies only to a cluster that this program creates. */
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
    found: "no effect",
    needs: "cluster.existing names an existing cluster, adopted",
    fix: "Remove one of the two",
  };
}

const absentProblem: Problem = {
  path: "kubeProxy",
  found: "Absent would delete a kube-proxy that this stack did not create",
  needs: "cluster.existing names an existing cluster, adopted",
  fix: "Set kubeProxy: Parked, which keeps it from every node",
};

const path = "cluster.existing";

/** Every problem in the settings of an existing cluster that can be found in the settings alone. */
function existingSettingsProblems(settings: ExistingStackSettings): Problem[] {
  const { calico } = settings;
  return [
    accountProblems(settings),
    accountIdProblems(settings),
    clusterProblems(settings),
    serviceNameProblems(settings),
    calico.externalService === "DSR" && calico.dataplane !== "BPF" ? needsBpf(calico.dataplane) : [],
    proxyProblems(settings),
  ].flat();
}

/** Exactly one way to reach the cluster, and complete. */
function clusterProblems({ cluster: { existing } }: ExistingStackSettings): Found {
  const { eksName, kubeconfig, context, apiServer } = existing;
  if (eksName === undefined && kubeconfig === undefined) {
    return {
      path,
      found: "it names no cluster",
      needs: "set eksName or kubeconfig",
      fix: "Set eksName for a cluster on EKS, or kubeconfig and apiServer for any other",
    };
  }
  if (eksName === undefined) return apiServer === undefined ? [apiServerMissing] : [];
  return Object.entries({ kubeconfig, context, apiServer })
    .filter(([, value]) => value !== undefined)
    .map(([key]) => ({
      path: `${path}.${key}`,
      found: "no effect",
      needs: "cluster.existing.eksName is set, and EKS provides this",
      fix: "Remove one of the two",
    }));
}

/** With a kubeconfig nothing is changed in AWS, and there is no provider that compares accounts. */
function accountIdProblems({ account, cluster: { existing } }: ExistingStackSettings): Found {
  if (account.id === undefined || existing.kubeconfig === undefined) return [];
  return {
    path: "account.id",
    found: "no effect",
    needs: "cluster.existing.kubeconfig is set, and AWS accounts are not used",
    fix: "Remove it",
  };
}

const apiServerMissing: Problem = {
  path: `${path}.apiServer`,
  found: "not set",
  needs: "without kube-proxy, no node can reach the API server through its service",
  fix: "Set host and port as the nodes use them; kubectl -n kube-system get configmap kube-proxy -o yaml usually shows them",
};

/** Names of the service, which only the dataplane can resolve. */
function serviceNameProblems({ cluster: { existing } }: ExistingStackSettings): Found {
  const host = existing.apiServer?.host;
  if (host === undefined || !/^kubernetes(\.default(\.svc(\..+)?)?)?$/.test(host)) return [];
  return {
    path: `${path}.apiServer.host`,
    found: `${host} is the name of a service`,
    needs: "Calico must reach the API server before any service works",
    fix: "Set the API server's own address, or that of the load balancer in front of it",
  };
}

function proxyProblems({ calico, kubeProxy }: ExistingStackSettings): Found {
  if (calico.dataplane === "BPF" || kubeProxy === "Running") return [];
  return {
    path: "kubeProxy",
    found: "Parked, the default, leaves the cluster without a service handler",
    needs: `calico.dataplane is ${calico.dataplane}, which needs kube-proxy on every node`,
    fix: "Set kubeProxy: Running, or calico.dataplane: BPF",
  };
}
