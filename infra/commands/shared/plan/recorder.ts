import * as pulumi from "@pulumi/pulumi";

type Answer = (args: Record<string, unknown>) => Record<string, unknown>;

const zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

/**
 * AWS's answers to the program's function calls, by token: an account in eu-west-1 that offers everything everywhere; and the
 * engine's answers for a stack without resources.
 */
export const answers: Readonly<Record<string, Answer>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: "111122223333",
    arn: "arn:aws:iam::111122223333:role/deployer",
    userId: "AROAEXAMPLE",
  }),
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com" }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": ({ filters = [] }) => {
    const [{ name, values = [] } = {}] = filters as { name?: string; values?: string[] }[];
    const isOrdinary = name === "zone-type" && values.join() === "availability-zone";
    // The account has opted into a Local Zone.
    const local = isOrdinary ? [] : [{ name: "eu-west-1-loc-1a", id: "euw1-loc1-az1" }];
    return {
      names: [...local.map((zone) => zone.name), ...zones],
      zoneIds: [...local.map(({ id }) => id), "euw1-az1", "euw1-az2", "euw1-az3"],
    };
  },
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": ({ filters }) => {
    const [{ values = [] } = {}] = filters as { values?: string[] }[];
    const pairs = zones.flatMap((zone) => values.map((type) => ({ zone, type })));
    return { locations: pairs.map(({ zone }) => zone), instanceTypes: pairs.map(({ type }) => type) };
  },
  "aws:ssm/getParameter:getParameter": ({ name }) => ({
    value: String(name).includes("bottlerocket")
      ? "1.65.0-0be31b34"
      : `${String(name).split("/")[5]}.6-20260714`,
  }),
  "aws:eks/getAddonVersion:getAddonVersion": ({ addonName }) => ({
    version: /^(coredns|vpc-cni)$/.test(String(addonName)) ? "v1.13.2-eksbuild.1" : "v1.35.0-eksbuild.2",
  }),
  "pulumi:pulumi:readStackOutputs": ({ name }) => ({ name, outputs: {}, secretOutputNames: [] }),
  "pulumi:pulumi:readStackResourceOutputs": ({ stackName }) => ({ name: stackName, outputs: {} }),
  "aws:ec2/getVpc:getVpc": ({ id }) => ({
    id,
    cidrBlock: "10.40.0.0/16",
    cidrBlockAssociations: [
      { associationId: "vpc-cidr-assoc-1", cidrBlock: "10.40.0.0/16", state: "associated" },
    ],
    enableDnsHostnames: true,
    enableDnsSupport: true,
  }),
  "aws:ec2/getSubnets:getSubnets": () => ({ ids: Object.keys(existingSubnets) }),
  "aws:ec2/getSubnet:getSubnet": ({ id }) =>
    existingSubnets[String(id)] ?? { id, vpcId: "vpc-0000000000000000f", cidrBlock: "10.99.0.0/24" },
};

const existingSubnets: Readonly<Record<string, Record<string, unknown>>> = {
  "subnet-0000000000000000a": subnet("subnet-0000000000000000a", "eu-west-1a", "euw1-az1", "10.40.255.0/28"),
  "subnet-0000000000000000b": subnet("subnet-0000000000000000b", "eu-west-1b", "euw1-az2", "10.40.255.16/28"),
  "subnet-0000000000000000c": subnet("subnet-0000000000000000c", "eu-west-1a", "euw1-az1", "10.40.0.0/20"),
};

function subnet(id: string, availabilityZone: string, availabilityZoneId: string, cidrBlock: string) {
  return { id, vpcId: "vpc-0a1b2c3d4e5f67890", availabilityZone, availabilityZoneId, cidrBlock };
}

/** A resource as the program registered it, dependencies and options included. */
export interface Recorded {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly remote: boolean;
  /** URN of the parent; of the stack at the top. */
  readonly parent: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URNs, from dependsOn and from properties. */
  readonly dependsOn: readonly string[];
  /** URN of what it is deleted with; "" for none. */
  readonly deletedWith: string;
  readonly provider: string;
  /** Providers that a remote component gets, by package. */
  readonly providers: Readonly<Record<string, string>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  /** ID of what is imported; "" for none. */
  readonly importId: string;
  /** URNs that it had before; of an alias by its parent alone, that parent's. */
  readonly aliases: readonly string[];
}

/** What a program registered and logged. */
interface Said {
  /** In the order of registration, without the stack. */
  readonly resources: readonly Recorded[];
  /** Warnings and errors that the program logged: `warning: …`. */
  readonly log: readonly string[];
  readonly notes: readonly string[];
}

interface Recording<Result> extends Said {
  readonly result: Result;
}

interface Refusal extends Said {
  readonly error: unknown;
}

export interface RecorderOptions {
  /** Full key to text, as the engine passes it. */
  readonly config?: Readonly<Record<string, string>>;
  readonly stack?: string;
  /** Answers to calls, by token, instead of the usual ones. */
  readonly answers?: Readonly<Record<string, (args: Record<string, unknown>) => unknown>>;
  /** As in the first preview: nothing has an ID, and what AWS would compute is unknown. Default: false. */
  readonly preview?: boolean;
}

/** Runs a build under Pulumi's mocks and records every registration. */
export async function record<Result>(
  build: () => Result | Promise<Result>,
  options: RecorderOptions = {},
): Promise<Recording<Result>> {
  const { outcome, ...said } = await run(build, options);
  if ("error" in outcome) throw outcome.error;
  return { ...said, result: outcome.result };
}

/** Runs a build that is expected to fail, and records what it registered before it did. */
export async function recordRefusal(build: () => unknown, options: RecorderOptions = {}): Promise<Refusal> {
  const { outcome, ...said } = await run(build, options);
  if ("error" in outcome) return { ...said, error: outcome.error };
  throw new Error("the program was not refused");
}

type Outcome<Result> = { readonly result: Result } | { readonly error: unknown };

async function run<Result>(
  build: () => Result | Promise<Result>,
  { config = {}, stack = "dev", answers: own = {}, preview = false }: RecorderOptions,
): Promise<Said & { readonly outcome: Outcome<Result> }> {
  const resources: Recorded[] = [];
  const log: string[] = [];
  const notes: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, type, inputs }) =>
        preview
          ? { id: undefined, state: inputs }
          : { id: `${name}-id`, state: { ...inputs, ...outputsOf(type, name, inputs) } },
      call: ({ token, inputs }) => {
        const answer = own[token] ?? answers[token];
        if (answer === undefined) throw new Error(`no answer to ${token}`);
        return answer(inputs) as Record<string, unknown>;
      },
    },
    "calico-ebpf-eks",
    stack,
    preview,
    "organization",
  );
  pulumi.runtime.setAllConfig({ ...config });
  tap(resources);
  const restoreLog = tapLog(log, notes);
  // The SDK records a stack trace with every promise, which takes most of the time. One frame is enough.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Math.min(stackTraceLimit, 1);
  try {
    const outcome = await inStack(build);
    // Waits for everything that is still pending.
    await pulumi.runtime.disconnect();
    return { outcome, resources: resources.filter(isOurs), log, notes };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    restoreLog();
  }
}

const isOurs = ({ type }: Recorded) => type !== "pulumi:pulumi:Stack";

/** Catches inside the stack: its error is otherwise reported a second time, without a handler. */
async function inStack<Result>(build: () => Result | Promise<Result>): Promise<Outcome<Result>> {
  let outcome: Outcome<Result> = { error: new Error("the program did not run") };
  await pulumi.runtime.runInPulumiStack(async () => {
    try {
      outcome = { result: await build() };
    } catch (error) {
      outcome = { error };
    }
  });
  return outcome;
}

/** The mocks have no engine to log to, and the SDK would print. */
function tapLog(lines: string[], notes: string[]): () => void {
  const { info, warn, error } = pulumi.log;
  const noted = (severity: string) => async (said: string) => void lines.push(`${severity}: ${said}`);
  const note = async (said: string) => void notes.push(said);
  Object.assign(pulumi.log, { info: note, warn: noted("warning"), error: noted("error") });
  return () => {
    Object.assign(pulumi.log, { info, warn, error });
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
    providersMap: [string, string][];
    protect?: boolean;
    retainondelete?: boolean;
    ignorechangesList: string[];
    importid: string;
    aliasesList: { urn: string; spec?: { parenturn: string } }[];
    dependenciesList: string[];
    propertydependenciesMap: [string, { urnsList: string[] }][];
  };
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}

type Done = (error: unknown, response?: { getUrn(): string }) => void;

/** The mocks pass on only the inputs; the rest is in the request to the engine. */
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
        providers: Object.fromEntries(one.providersMap),
        protect: one.protect ?? false,
        retainOnDelete: one.retainondelete ?? false,
        ignoreChanges: one.ignorechangesList,
        importId: one.importid,
        aliases: one.aliasesList.map(({ urn, spec }) => spec?.parenturn ?? urn),
      });
      done(error, response);
    });
}

const signature = "4dabf18193072939515e22adb298388d";

/** Unpacks secrets and output values, which are transferred as mappings with a signature. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value && "value" in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** As the eks component returns it: without the profile (pulumi-eks#1207). */
export const kubeconfigJson = JSON.stringify({
  users: [{ name: "aws", user: { exec: { command: "aws", args: ["eks", "get-token"] } } }],
});

function outputsOf(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  switch (type) {
    case "eks:index:Cluster":
      return {
        eksCluster: {
          name: inputs["name"],
          endpoint: "https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
          vpcConfig: { clusterSecurityGroupId: "sg-cluster" },
          certificateAuthority: { data: "LS0tLS1CRUdJTg==" },
          identities: [{ oidcs: [{ issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789" }] }],
        },
        kubeconfigJson,
      };
    case "aws:ec2/eip:Eip":
      return { allocationId: `${name}-allocation`, publicIp: "198.51.100.7" };
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
