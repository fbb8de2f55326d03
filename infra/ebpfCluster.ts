import * as pulumi from "@pulumi/pulumi";
import { advice } from "../components/checks/advice.ts";
import { readSettings } from "../components/checks/checks.ts";
import { settingsNamespace } from "../components/settings/namespaces.ts";
import { type Path, pathText } from "../components/settings/paths.ts";
import type { WrittenSettings } from "../components/settings/schema.ts";
import type { Settings } from "../components/settings/settings.ts";
import { type Found, type Problem, problemReport } from "../components/values/problem.ts";
import type { Outputs } from "./outputs.ts";
import { previousComponent } from "./previous.ts";
import { createCluster } from "./program.ts";

/** The settings of a stack file, with the two keys of the aws namespace. Plain values: they are checked before anything is registered. */
export interface EbpfClusterArgs extends WrittenSettings {
  /** AWS region: `eu-west-1`. */
  readonly region: string;
  /** Profile of the AWS configuration files. Default: the ambient credentials. */
  readonly profile?: string;
}

/** Type token of the component. */
export const ebpfClusterType = "calico-ebpf-eks:index:EbpfCluster";

/** What the component gives out: the outputs of a stack of this project, by the same names. */
type Given = { readonly [K in keyof Outputs]-?: pulumi.Output<pulumi.Unwrap<Outputs[K]>> };

/**
 * An EKS cluster whose whole data path is Calico eBPF, in your program. It accepts the settings of a stack file, checks
 * it with the same rules, and registers the same resources, below itself.
 *
 * A stack holds one. The cluster is named after the component and the stack, unless `cluster.name` is set.
 * @throws pulumi.RunError with every problem of the arguments, before anything is registered
 */
export class EbpfCluster extends pulumi.ComponentResource<Outputs> implements Given {
  readonly clusterName = this.#given("clusterName");
  readonly clusterCreator = this.#given("clusterCreator");
  readonly clusterEndpoint = this.#given("clusterEndpoint");
  /** Secret. Fetches its token with the aws CLI. */
  readonly kubeconfig = this.#given("kubeconfig");
  readonly certificateAuthority = this.#given("certificateAuthority");
  readonly region = this.#given("region");
  readonly vpcId = this.#given("vpcId");
  readonly nodeSubnetIds = this.#given("nodeSubnetIds");
  readonly controlPlaneSubnetIds = this.#given("controlPlaneSubnetIds");
  readonly publicSubnetIds = this.#given("publicSubnetIds");
  readonly natAddresses = this.#given("natAddresses");
  readonly nodeRoleArn = this.#given("nodeRoleArn");
  readonly nodeSecurityGroupId = this.#given("nodeSecurityGroupId");
  readonly controlPlaneSecurityGroupId = this.#given("controlPlaneSecurityGroupId");
  readonly oidcIssuer = this.#given("oidcIssuer");
  readonly oidcProviderArn = this.#given("oidcProviderArn");
  readonly kubernetesVersion = this.#given("kubernetesVersion");
  readonly calicoVersion = this.#given("calicoVersion");
  readonly cni = this.#given("cni");
  readonly dataplane = this.#given("dataplane");
  readonly externalService = this.#given("externalService");
  readonly kubeProxy = this.#given("kubeProxy");
  readonly fixed = this.#given("fixed");
  readonly installation = this.#given("installation");
  readonly felixConfiguration = this.#given("felixConfiguration");

  constructor(name: string, args: EbpfClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseSecond(name);
    settingsOf(name, args);
    super(ebpfClusterType, name, args, opts);
  }

  protected override async initialize(
    args: pulumi.Inputs,
    _opts?: pulumi.ComponentResourceOptions,
    name = "",
  ): Promise<Outputs> {
    const settings = settingsOf(name, args as EbpfClusterArgs);
    for (const line of advice(settings, new Date())) pulumi.log.warn(line, this);
    const outputs = await createCluster(settings, {
      parent: this,
      previous: () => previousComponent(ebpfClusterType, name),
    });
    this.registerOutputs({ ...outputs });
    return outputs;
  }

  #given<K extends keyof Outputs>(key: K): Given[K] {
    return pulumi.output(this.getData()).apply((outputs) => outputs[key]) as unknown as Given[K];
  }
}

/** Name of the cluster of each stack; the program of a test makes several stacks in one process. */
const clusters = new WeakMap<object, string>();

/** The objects inside a cluster have the same names in each, and with them the same URNs. */
function refuseSecond(name: string): void {
  const stack = pulumi.runtime.getStackResource();
  if (stack === undefined) return;
  const first = clusters.get(stack);
  if (first !== undefined) {
    const problem = {
      path: `EbpfCluster ${name}`,
      found: `the stack has EbpfCluster ${first}`,
      needs: "a stack holds one cluster, so that each can be previewed, upgraded and destroyed alone",
      fix: "Create a stack for each cluster",
    };
    throw refusal([problem], name);
  }
  clusters.set(stack, name);
}

/** Reads the arguments as the settings of a stack file, by the same rules. */
function settingsOf(name: string, args: EbpfClusterArgs): Settings {
  const stack = pulumi.getStack();
  const late = [lateProblems(args, [])].flat();
  if (late.length > 0) throw refusal(late, name);
  const { settings, problems } = readSettings({
    config: configOf(args, `${name}-${stack}`),
    project: pulumi.getProject(),
    stack,
    today: new Date(),
  });
  if (settings !== undefined) return settings;
  const ours = problems.map((one) => ({
    ...one,
    path: one.path.replace(/^aws:/, "").replace(`${settingsNamespace}:`, ""),
  }));
  throw refusal(ours, name);
}

function refusal(problems: readonly Problem[], name: string): pulumi.RunError {
  return new pulumi.RunError(problemReport(problems, `the arguments of EbpfCluster ${name}`));
}

/** Values that are not known before the program runs; no rule could check them. */
function lateProblems(value: unknown, path: Path): Found {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    return {
      path: pathText(path),
      found: value instanceof Promise ? "a promise" : "an output of another resource",
      needs: "settings are checked before anything is registered",
      fix: "Pass a plain value: from the stack's configuration, or from a StackReference's getOutputDetails",
    };
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    lateProblems(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** The arguments as the engine would hand over a stack file that says the same. */
function configOf(
  { region, profile, ...args }: EbpfClusterArgs,
  clusterName: string,
): Record<string, string> {
  const cluster = isMapping(args.cluster) ? { name: clusterName, ...args.cluster } : args.cluster;
  const ours = Object.entries({ ...args, cluster }).map(
    ([key, value]) => [`${settingsNamespace}:${key}`, value] as const,
  );
  const written = [["aws:region", region] as const, ["aws:profile", profile] as const, ...ours];
  return Object.fromEntries(
    written
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
