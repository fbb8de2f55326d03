import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readSettings } from "../../../../components/checks/checks.ts";
import type { Settings } from "../../../../components/settings/settings.ts";
import { today } from "../../../support/lines.ts";

const smallest = {
  "aws:region": "eu-west-1",
  "calico-ebpf-eks:cluster": '{"publicAccessCidrs":["198.18.0.7/32"]}',
};

function read(changes: Readonly<Record<string, string>> = {}, stack = "dev"): Settings {
  const config = { ...smallest, ...changes };
  const { settings, problems } = readSettings({ config, project: "calico-ebpf-eks", stack, today });
  if (settings === undefined) throw new Error(JSON.stringify(problems));
  return settings;
}

const defaults = {
  project: "calico-ebpf-eks",
  stack: "dev",
  region: "eu-west-1",
  profile: undefined,
  account: { quotas: { nodeGroupsPerCluster: 30, nodesPerNodeGroup: 450 } },
  network: { vpcCidr: "10.40.0.0/16", nodePrefix: 20, natGateway: "Single", flowLogs: false },
  cluster: {
    name: "calico-ebpf-eks-dev",
    kubernetesVersion: "1.35",
    publicAccessCidrs: ["198.18.0.7/32"],
    privateAccessCidrs: [],
    privateAccessSecurityGroupIds: [],
    allowPublicAnywhere: false,
    admins: [],
    serviceCidr: "172.20.0.0/16",
    logTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    logRetentionDays: 90,
    secretsKey: "create",
    support: "STANDARD",
    oidcProvider: false,
    deletionProtection: false,
  },
  nodePools: {
    default: {
      family: "AL2023",
      architecture: "x86_64",
      instanceTypes: ["m7i.large"],
      capacity: "ON_DEMAND",
      size: { min: 2, desired: 2, max: 4 },
      release: "latest",
      maxPods: 110,
      diskGib: 20,
      labels: {},
      taints: [],
    },
  },
  autoscaling: "None",
  calico: {
    version: "3.32.4",
    cni: "Calico",
    dataplane: "BPF",
    externalService: "DSR",
    dsrOptOutCidrs: [],
    podCidr: "192.168.0.0/16",
    blockSize: 26,
    encapsulation: "VXLAN",
    mtu: "auto",
    apiServer: true,
    metricsPort: 9091,
    chartRepository: "https://docs.tigera.io/calico/charts",
    felix: {},
  },
  kubeProxy: "Absent",
  nodePorts: {},
  nodeFirewall: { fromControlPlane: [] },
  iam: { nodePolicyArns: [] },
  networkPolicies: { defaultDeny: [], allowPodIdentity: false },
  observability: { prometheus: "None", labels: {}, flows: false },
  loadBalancers: false,
  storage: { ebs: false },
  metrics: false,
  charts: {},
  addons: {},
  podIdentities: {},
  tags: {},
};

describe("settings", () => {
  it.each(["true", "false"])("have metrics: %s, whose text is all that Pulumi has of it", (text) => {
    expect(read({ "calico-ebpf-eks:metrics": text })).toMatchObject({ metrics: text === "true" });
  });

  it("are complete with a region and publicAccessCidrs alone", () => {
    expect(read()).toEqual(defaults);
  });

  it("have the same defaults when the empty mappings of an earlier Pulumi.yaml come with them", () => {
    const empty = Object.fromEntries(
      [
        "network",
        "nodePools",
        "calico",
        "nodePorts",
        "iam",
        "networkPolicies",
        "observability",
        "charts",
        "tags",
      ].map((key) => [`calico-ebpf-eks:${key}`, "{}"]),
    );

    expect(read({ ...empty, "calico-ebpf-eks:kubeProxy": "Absent" })).toEqual(defaults);
  });

  it.each([
    [true, "Single"],
    [false, "None"],
    ["PerZone", "PerZone"],
    ["None", "None"],
  ])("read network.natGateway: %j as %s", (written, meant) => {
    const changes = {
      "calico-ebpf-eks:network": JSON.stringify({ natGateway: written }),
      "calico-ebpf-eks:calico": '{"registry":"registry.example.com"}',
    };

    expect(read(changes).network.natGateway).toBe(meant);
  });

  it("read a boolean outside a mapping, which the engine passes as text", () => {
    expect(read({ "calico-ebpf-eks:loadBalancers": "true" }).loadBalancers).toBe(true);
    expect(read({ "calico-ebpf-eks:loadBalancers": "false" }).loadBalancers).toBe(false);
    expect(() => read({ "calico-ebpf-eks:loadBalancers": "yes" })).toThrow("must be true or false");
  });

  it("are frozen at every depth", () => {
    const thawed: string[] = [];
    const visit = (value: unknown, path: string) => {
      if (typeof value !== "object" || value === null) return;
      if (!Object.isFrozen(value)) thawed.push(path);
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
    };

    visit(
      read({ "calico-ebpf-eks:calico": '{"felix":{"failsafeInboundHostPorts":[{"port":22}]}}' }),
      "settings",
    );

    expect(thawed).toEqual([]);
  });

  it("have an instance type of the pool's architecture, unless it names some", () => {
    const pools = {
      arm: { architecture: "arm64" },
      x86: { architecture: "x86_64" },
      own: { architecture: "arm64", instanceTypes: ["c7g.xlarge"] },
    };
    const { nodePools } = read({ "calico-ebpf-eks:nodePools": JSON.stringify(pools) });

    expect(Object.entries(nodePools).map(([name, pool]) => [name, pool.instanceTypes])).toEqual([
      ["arm", ["m7g.large"]],
      ["x86", ["m7i.large"]],
      ["own", ["c7g.xlarge"]],
    ]);
  });

  it("name the cluster after project and stack, unless it has a name", () => {
    expect(read({}, "trial").cluster.name).toBe("calico-ebpf-eks-trial");
    expect(
      read({ "calico-ebpf-eks:cluster": '{"name":"platform","publicAccessCidrs":[]}' }, "trial").cluster.name,
    ).toBe("platform");
  });

  it("replace the default pool by the pools that are given", () => {
    expect(Object.keys(read({ "calico-ebpf-eks:nodePools": '{"general":{}}' }).nodePools)).toEqual([
      "general",
    ]);
  });

  it("take the profile from the aws namespace", () => {
    expect(read({ "aws:profile": "platform" }).profile).toBe("platform");
  });
});

describe("Pulumi.yaml", () => {
  const { config, template } = parse(readFileSync("Pulumi.yaml", "utf8")) as {
    config: Record<string, unknown>;
    template: { config: Record<string, unknown> };
  };

  it("declares no settings, because a copy under another name would declare them in another namespace", () => {
    expect(Object.keys(config)).toEqual(["pulumi:disable-default-providers"]);
  });

  it("has the template ask for what has no default, under the namespace of the settings", () => {
    expect(Object.keys(template.config)).toEqual(["aws:region", "calico-ebpf-eks:cluster"]);
  });
});
