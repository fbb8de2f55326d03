import * as pulumi from "@pulumi/pulumi";
import { answers } from "./answers.ts";

/** A resource as the program registered it, dependencies and options included. */
export interface Recorded {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly remote: boolean;
  /** URN of the parent; "" for the stack. */
  readonly parent: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URNs, from dependsOn and from properties. */
  readonly dependsOn: readonly string[];
  /** URN of what it is deleted with; "" for none of its own. */
  readonly deletedWith: string;
  readonly provider: string;
}

export interface Recording<Result> {
  readonly result: Result;
  /** In the order of registration, without the stack. */
  readonly resources: readonly Recorded[];
  readonly log: readonly string[];
}

export interface RecorderOptions {
  /** Full key to text, as the engine hands it over. */
  readonly config?: Readonly<Record<string, string>>;
  readonly stack?: string;
  /** Answers to calls, by token, in place of the usual ones. */
  readonly answers?: Readonly<Record<string, (args: Record<string, unknown>) => unknown>>;
}

/** Runs a build under Pulumi's mocks and records every registration. */
export async function record<Result>(
  build: () => Result | Promise<Result>,
  { config = {}, stack = "dev", answers: own = {} }: RecorderOptions = {},
): Promise<Recording<Result>> {
  const resources: Recorded[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, type, inputs }) => ({
        id: `${name}-id`,
        state: { ...inputs, ...outputsOf(type, name, inputs) },
      }),
      call: ({ token, inputs }) => {
        const answer = own[token] ?? answers[token];
        if (answer === undefined) throw new Error(`no answer to ${token}`);
        return answer(inputs) as Record<string, unknown>;
      },
    },
    "calico-ebpf-eks",
    stack,
  );
  pulumi.runtime.setAllConfig({ ...config });
  tap(resources);
  let result: Result | undefined;
  let failed: { readonly error: unknown } | undefined;
  await pulumi.runtime
    .runInPulumiStack(async () => {
      result = await build();
    })
    .catch((error: unknown) => {
      failed = { error };
    });
  // Waits for everything that is still on its way.
  await pulumi.runtime.disconnect();
  if (failed !== undefined) throw failed.error;
  const log: string[] = [];
  return {
    result: result as Result,
    resources: resources.filter(({ type }) => type !== "pulumi:pulumi:Stack"),
    log,
  };
}

interface Request {
  toObject(): {
    type: string;
    name: string;
    custom: boolean;
    remote: boolean;
    parent: string;
    deletedwith: string;
    provider: string;
    dependenciesList: string[];
    propertydependenciesMap: [string, { urnsList: string[] }][];
  };
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}

type Done = (error: unknown, response?: { getUrn(): string }) => void;

/** The mocks hand on inputs only; the request that the engine would get has the rest. */
function tap(resources: Recorded[]): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Request, done: Done): unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) =>
    register(request, (error, response) => {
      const one = request.toObject();
      const properties = one.propertydependenciesMap.flatMap(([, { urnsList }]) => urnsList);
      resources.push({
        urn: response?.getUrn() ?? "",
        type: one.type,
        name: one.name,
        custom: one.custom,
        remote: one.remote,
        parent: one.parent,
        inputs: plain(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
        dependsOn: [...new Set([...one.dependenciesList, ...properties])],
        deletedWith: one.deletedwith,
        provider: one.provider,
      });
      done(error, response);
    });
}

const signature = "4dabf18193072939515e22adb298388d";

/** Unpacks secrets and output values, which travel as mappings with a signature. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value && "value" in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** What AWS would compute, as far as the program uses it. */
function outputsOf(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  switch (type) {
    case "eks:index:Cluster":
      return {
        eksCluster: {
          name: inputs["name"],
          endpoint: "https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
          vpcConfig: { clusterSecurityGroupId: "sg-cluster" },
        },
        kubeconfigJson: "{}",
      };
    case "aws:ec2/eip:Eip":
      return { allocationId: `${name}-allocation` };
    case "aws:ec2/launchTemplate:LaunchTemplate":
      return { latestVersion: 1 };
    case "aws:kms/key:Key":
      return { keyId: `${name}-key`, arn: `arn:aws:kms:eu-west-1:111122223333:key/${name}` };
    case "aws:iam/role:Role":
      return { name, arn: `arn:aws:iam::111122223333:role/${name}` };
    default:
      return { arn: `arn:aws:test:::${name}` };
  }
}
