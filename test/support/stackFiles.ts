import fc from "fast-check";
import { schemaAt, settingsJsonSchema } from "../../components/settings/jsonSchema.ts";
import { type Path, valueAt, withValue } from "../../components/settings/paths.ts";

/** The `config:` of a stack file: full keys to what YAML makes of their values. */
export type StackConfig = Readonly<Record<string, unknown>>;

/** What people write: the usual, and once in a while the unusual, so that a whole file is often sound. */
function mostly<T>(usual: readonly T[], unusual: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...unusual) },
  );
}

/** A mapping in which each name may be missing. */
function some(model: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(model, { requiredKeys: [] });
}

const versions = mostly(
  [
    { kubernetes: "1.35", calico: "3.32.4" },
    { kubernetes: "1.36", calico: "3.33.1" },
    { kubernetes: "1.34", calico: "3.32.2" },
  ],
  [
    { kubernetes: "1.34", calico: "3.33.1" },
    { kubernetes: "1.33", calico: "3.32.4" },
    { kubernetes: "1.35", calico: "3.33.0" },
  ],
);

const modes = mostly<{ calico: Record<string, string>; kubeProxy?: string }>(
  [
    { calico: {} },
    { calico: { dataplane: "BPF", externalService: "DSR" }, kubeProxy: "Parked" },
    { calico: { externalService: "Tunnel" } },
    { calico: { externalService: "Tunnel", encapsulation: "VXLANCrossSubnet" }, kubeProxy: "Absent" },
    { calico: { encapsulation: "None" }, kubeProxy: "Running" },
    { calico: { dataplane: "Iptables", externalService: "Tunnel" }, kubeProxy: "Running" },
  ],
  [
    { calico: { dataplane: "Iptables" }, kubeProxy: "Running" },
    { calico: { dataplane: "Iptables", externalService: "Tunnel" }, kubeProxy: "Parked" },
    { calico: { encapsulation: "IPIP" } },
    { calico: { cni: "AmazonVPC" } },
  ],
);

const registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay";

/** The subnets are those of infra/commands/shared/plan/recorder.ts. */
const existing = {
  vpcId: "vpc-0a1b2c3d4e5f67890",
  controlPlaneSubnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
  nodeSubnetIds: ["subnet-0000000000000000c"],
};

const networks = mostly<{ network?: Record<string, unknown>; registry?: string }>(
  [
    {},
    { network: { vpcCidr: "10.40.0.0/16", nodePrefix: 22, flowLogs: true } },
    { network: { vpcCidr: "172.31.0.0/20", nodePrefix: 24, nodeZones: ["eu-west-1b"] } },
    { network: { natGateway: false }, registry },
    { network: { natGateway: "PerZone" } },
    { network: { existing } },
    { registry },
  ],
  [
    { network: { natGateway: false } },
    { network: { nodeZones: ["eu-west-1a", "eu-west-1c"] } },
    { network: { nodeZones: ["us-east-1a"] } },
    { network: { nodeZones: ["eu-west-1f"] } },
    { network: { vpcCidr: "172.20.0.0/16" } },
    { network: { vpcCidr: "10.40.0.0/26" } },
    { network: { existing: { ...existing, nodeSubnetIds: ["subnet-00000000"] } } },
    { network: { existing, flowLogs: true } },
  ],
);

const machines = mostly<object>(
  [
    {},
    { architecture: "arm64" },
    { instanceTypes: ["m7i.large", "m6i.large"] },
    { architecture: "arm64", instanceTypes: ["t4g.medium"] },
    { instanceTypes: ["c7i.8xlarge"], maxPods: 250 },
  ],
  [
    { architecture: "arm64", instanceTypes: ["m7g.large", "m7i.large"] },
    { maxPods: 250 },
    { instanceTypes: ["q1.large"] },
  ],
);

const sizes = mostly<object>(
  [{}, { size: { max: 3 } }, { size: { min: 0, desired: 1, max: 9 } }],
  [{ size: { min: 5 } }, { size: { desired: 0, min: 0 } }, { size: { max: 1000 } }],
);

const more = some({
  capacity: fc.constantFrom("ON_DEMAND", "SPOT"),
  diskGib: fc.integer({ min: 20, max: 500 }),
  labels: mostly<object>(
    [{}, { team: "platform" }, { "example.com/gpu": "true" }, { "node.kubernetes.io/role": "web" }],
    [{ "example.com/gpu": "" }, { "node-role.kubernetes.io/web": "true" }],
  ),
  taints: mostly<unknown[]>(
    [[], [{ key: "team", effect: "PreferNoSchedule" }]],
    [[{ key: "gpu", value: "a100", effect: "NoSchedule" }]],
  ),
});

function systems(kubernetes: string): fc.Arbitrary<object> {
  return mostly<object>(
    [{}, { family: "Bottlerocket" }, { release: `${kubernetes}.6-20260714` }, { release: "latest" }],
    [{ release: "1.65.0-0be31b34" }, { release: "1.31.0-20250101" }],
  );
}

function pools(kubernetes: string): fc.Arbitrary<Record<string, object>> {
  const pool = fc
    .tuple(machines, sizes, systems(kubernetes), more)
    .map((parts) => Object.assign({}, ...parts) as object);
  return fc.dictionary(fc.constantFrom("default", "general", "arm", "spot-2"), pool, {
    minKeys: 1,
    maxKeys: 2,
    noNullPrototype: true,
  });
}

const clusters = some({
  name: mostly(["platform", "P_1-x"], ["not a name", "x".repeat(33)]),
  admins: mostly<string[]>([[], ["arn:aws:iam::111122223333:role/platform"]], [["platform"]]),
  serviceCidr: mostly(["172.20.0.0/16", "10.100.0.0/16"], ["10.40.0.0/16", "8.8.0.0/16"]),
  logTypes: fc.subarray(["api", "audit", "authenticator"]),
  logRetentionDays: mostly([7, 365], [8]),
  secretsKey: mostly(["create", "aws-owned"], ["alias/eks"]),
  support: fc.constantFrom("STANDARD", "EXTENDED"),
  deletionProtection: fc.boolean(),
});

const access = mostly<object>(
  [
    { publicAccessCidrs: [] },
    { publicAccessCidrs: [], privateAccessCidrs: ["10.60.0.0/16", "10.40.255.224/28"] },
    { publicAccessCidrs: ["198.18.0.7/32"], privateAccessCidrs: ["100.64.0.0/10"] },
    { publicAccessCidrs: ["198.18.0.7/32"] },
    { publicAccessCidrs: ["0.0.0.0/0"], allowPublicAnywhere: true },
  ],
  [
    {},
    { publicAccessCidrs: ["0.0.0.0/0"] },
    { publicAccessCidrs: ["10.0.0.0/8"] },
    { privateAccessCidrs: ["0.0.0.0/1"] },
  ],
);

const calicos = some({
  dsrOptOutCidrs: mostly<string[]>([[], ["198.51.100.0/24"], ["10.0.0.0/8"]], [["10.40.1.0/24"]]),
  podCidr: mostly(["192.168.0.0/16", "10.244.0.0/16"], ["10.40.0.0/16", "192.168.0.0/28"]),
  blockSize: mostly([26, 28], [20, 32]),
  mtu: mostly<string | number>(["auto", 1410, 8951], [9001, 10000]),
  apiServer: fc.boolean(),
  metricsPort: mostly<number | null>([9091, null], [80]),
  felix: mostly<object>([{}, { logSeverityScreen: "Info" }], [{ bpfEnabled: true }, { healthPort: 9098 }]),
});

const accounts = mostly<object>(
  [{}, { id: "111122223333" }, { roleArn: "arn:aws:iam::111122223333:role/deployer" }],
  [{ id: "4711" }, { id: "444455556666", roleArn: "arn:aws:iam::111122223333:role/deployer" }],
);

const rest = some({
  "calico-ebpf-eks:account": accounts,
  "aws:profile": fc.constant("platform"),
  "pulumi:tags": fc.constant({ team: "platform" }),
  "calico-ebpf-eks:nodePorts": mostly<object>(
    [{}, { clients: ["10.0.0.0/8"] }, { clients: ["0.0.0.0/0"] }, { clients: [] }],
    [{ clients: ["10.0.0.1/8"] }],
  ),
  "calico-ebpf-eks:networkPolicies": mostly<object>(
    [{}, { defaultDeny: [] }, { defaultDeny: ["shop", "payments"] }],
    [{ defaultDeny: ["kube-system"] }, { defaultDeny: ["Shop"] }],
  ),
  "calico-ebpf-eks:observability": mostly<object>(
    [{}, { prometheus: "Operator", labels: { release: "prometheus" } }, { flows: true }],
    [{ typhaMetricsPort: 9091 }, { runbooks: "docs/" }, { prometheus: "Yes" }],
  ),
  "calico-ebpf-eks:tags": mostly<object>(
    [{}, { team: "platform", "cost center": "4711" }],
    [{ "aws:team": "platform" }],
  ),
});

/** Stack files by a user with some experience: more than half of them are valid. */
export const carefulFiles: fc.Arbitrary<StackConfig> = versions.chain(({ kubernetes, calico: version }) =>
  fc
    .tuple(modes, networks, fc.option(pools(kubernetes), { nil: undefined }), clusters, access, calicos, rest)
    .map(([mode, net, nodePools, cluster, cidrs, calico, others]) => ({
      "aws:region": "eu-west-1",
      ...under("network", net.network),
      ...under("cluster", { ...cluster, ...cidrs, kubernetesVersion: kubernetes }),
      ...under("nodePools", nodePools),
      ...under("calico", {
        ...calico,
        ...mode.calico,
        ...(net.registry === undefined ? {} : { registry: net.registry }),
        version,
      }),
      ...under("kubeProxy", mode.kubeProxy),
      ...others,
    })),
);

function under(key: string, value: unknown): object {
  return value === undefined ? {} : { [`calico-ebpf-eks:${key}`]: value };
}

/** What is wrong everywhere, or belongs somewhere else. */
const wild: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown[]>(null, "", " ", true, "true", 0, -1, 1.35, 1e9, "auto", "DSR", "latest", [], {}),
  fc.constantFrom<unknown[]>("10.0.0.0/8", "10.0.0.1/8", "0.0.0.0/0", "::/0", "10.0.0.0/33", "eu-west-1a"),
  fc.constantFrom<unknown[]>([null], [[]], ["0.0.0.0/0"], { default: {} }, { min: 1 }, { a: { b: [{}] } }),
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.integer(),
  fc.jsonValue({ maxDepth: 2 }),
);

const strangeNames = [
  "defualt",
  "Default",
  "x",
  "",
  "a.b",
  "a b",
  "constructor",
  "__proto__",
  "toString",
  "0",
];

/** One mistake at a place that is chosen among all those of the file. */
const slip = fc.record({
  place: fc.nat(),
  kind: fc.constantFrom("change", "change", "remove", "rename", "add"),
  name: fc.oneof(fc.constantFrom(...strangeNames), fc.string({ maxLength: 6 })),
  value: wild,
});

type Slip = typeof slip extends fc.Arbitrary<infer T> ? T : never;

/** The same with up to four mistakes of any kind, some of which do no harm. */
export const carelessFiles: fc.Arbitrary<StackConfig> = fc
  .tuple(carefulFiles, fc.array(slip, { maxLength: 4 }))
  .map(([config, slips]) => slips.reduce<StackConfig>(withSlip, config));

function withSlip(config: StackConfig, { place, kind, name, value }: Slip): StackConfig {
  const places = placesIn(config, []);
  const at = places[place % places.length] ?? [];
  const parent = at.slice(0, -1);
  const inner = valueAt(config, at);
  const known = Object.keys(schemaAt(settingsJsonSchema(), within(parent)).properties ?? {});
  switch (kind) {
    case "remove":
      return withValue(config, at, undefined) as StackConfig;
    case "rename":
      return withValue(withValue(config, at, undefined), [...parent, name], inner) as StackConfig;
    case "add": {
      const added = place % 2 === 0 ? known[place % known.length] : undefined;
      return withValue(config, [...parent, added ?? name], value) as StackConfig;
    }
    default:
      return withValue(config, at, value) as StackConfig;
  }
}

/** Path among the settings of a path in the file. */
function within([key, ...others]: Path): Path {
  return key === undefined ? [] : [String(key).replace("calico-ebpf-eks:", ""), ...others];
}

/** Paths of everything in a value. */
function placesIn(value: unknown, at: Path): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  const inner = Object.entries(value).flatMap(([key, one]) =>
    placesIn(one, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return at.length === 0 ? inner : [at, ...inner];
}
