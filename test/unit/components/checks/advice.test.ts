import { describe, expect, it } from "vitest";
import { advice, surroundingsAdvice } from "../../../../components/checks/advice.ts";
import { today } from "../../../support/lines.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

/** Settings that call for no advice. */
const quiet: SettingsChange = {
  cluster: { publicAccessCidrs: ["8.8.8.0/24"] },
  nodePools: { default: { release: "1.35.6-20260714" } },
  calico: { externalService: "Tunnel" },
};

describe("advice", () => {
  it("is silent about settings that hide no surprise", () => {
    expect(advice(settings(quiet), today)).toEqual([]);
  });

  it.each([
    {
      name: "an endpoint that nobody but the nodes can reach",
      changes: { cluster: { publicAccessCidrs: [] } },
      line: "cluster.privateAccessCidrs: the endpoint is private only, and opens TCP 443 to the nodes alone: `pulumi up` makes the cluster, and fails at the first object in it. List the range that Pulumi runs in.",
    },
    {
      name: "an endpoint that Pulumi has to be inside for, by its security group",
      changes: { cluster: { publicAccessCidrs: [], privateAccessSecurityGroupIds: ["sg-0a1b2c3d"] } },
      line: "cluster.publicAccessCidrs: the endpoint is private only, so Pulumi must run inside the VPC or a network connected to it.",
    },
    {
      name: "public addresses that the private endpoint cannot be reached from",
      changes: {
        cluster: { ...quiet.cluster, privateAccessCidrs: ["10.40.0.0/16", "198.18.0.0/15", "100.64.0.0/10"] },
      },
      line: "cluster.privateAccessCidrs: 198.18.0.0/15 has public addresses, and from the internet nothing reaches the private endpoint; write the addresses that clients have inside the VPC or a network connected to it.",
    },
    {
      name: "an endpoint that Pulumi has to be inside for",
      changes: { cluster: { publicAccessCidrs: [], privateAccessCidrs: ["10.60.0.0/16"] } },
      line: "cluster.publicAccessCidrs: the endpoint is private only, so Pulumi must run inside the VPC or a network connected to it.",
    },
    {
      name: "a placeholder that was left in",
      changes: { cluster: { publicAccessCidrs: ["203.0.113.7/32"] } },
      line: "cluster.publicAccessCidrs: 203.0.113.7/32 is an example that nobody has, and EKS refuses it; write your own.",
    },
    {
      name: "a release that floats",
      changes: { nodePools: { default: {} } },
      line: "nodePools.default.release: latest is looked up at every run, so that a run may replace nodes; pin a release to decide when.",
    },
    {
      name: "instances that live on credits",
      changes: {
        nodePools: { default: { release: "1.35.6-20260714", instanceTypes: ["t3.large", "m7i.large"] } },
      },
      line: "nodePools.default.instanceTypes: t3.large is throttled once its CPU credits are gone, Calico with it.",
    },
    {
      name: "pods with addresses that hosts on the internet have",
      changes: { calico: { externalService: "Tunnel", podCidr: "8.8.0.0/16" } },
      line: "calico.podCidr: 8.8.0.0/16 is not a private range; pods and nodes cannot reach the hosts on the internet that have these addresses.",
    },
    {
      name: "DSR and load balancers",
      changes: { calico: { externalService: "DSR" } },
      line: "calico.externalService: DSR does not work for clients behind a load balancer, which expects replies from the node it asked; list them in dsrOptOutCidrs, or use externalTrafficPolicy: Local.",
    },
    {
      name: "kube-proxy beside BPF",
      changes: { kubeProxy: "Running" },
      line: "kubeProxy: Running beside the BPF dataplane is for a trial; it costs memory and does nothing for services.",
    },
  ] satisfies { name: string; changes: SettingsChange; line: string }[])(
    "mentions $name",
    ({ changes, line }) => {
      expect(advice(settings({ ...quiet, ...changes }), today)).toEqual([line]);
    },
  );

  it.each(["100.64.0.0/10", "172.31.0.0/16", "198.18.0.0/15"])("is silent about pods in %s", (podCidr) => {
    const calico = { externalService: "Tunnel", podCidr } as const;

    expect(advice(settings({ ...quiet, calico }), today)).toEqual([]);
  });

  it("does not mention DSR to those who opted everybody out", () => {
    const calico = { externalService: "DSR", dsrOptOutCidrs: ["0.0.0.0/0"] } as const;

    expect(advice(settings({ ...quiet, calico }), today)).toEqual([]);
  });

  const pool = { nodePools: { default: { release: "1.34.9-20260714" } } };

  it.each([
    { day: "2026-10-02", support: "STANDARD", lines: [] },
    {
      day: "2026-10-03",
      support: "STANDARD",
      lines: [
        "cluster.kubernetesVersion: standard support of 1.34 ends on 2026-12-02; AWS then upgrades the cluster by itself.",
      ],
    },
    {
      day: "2026-12-02",
      support: "EXTENDED",
      lines: [
        "cluster.kubernetesVersion: standard support of 1.34 ends on 2026-12-02; it then costs six times as much.",
      ],
    },
    { day: "2026-12-03", support: "EXTENDED", lines: [] },
  ] as const)("on $day under $support support of 1.34: $lines.length", ({ day, support, lines }) => {
    const cluster = { publicAccessCidrs: ["8.8.8.0/24"], kubernetesVersion: "1.34", support };

    expect(advice(settings({ ...quiet, ...pool, cluster }), new Date(day))).toEqual(lines);
  });
});

describe("a first up of a cluster with a private endpoint only", () => {
  const previous = { kubernetesVersion: "1.35", calicoVersion: "3.32.4" };
  const cluster = { publicAccessCidrs: [], privateAccessCidrs: ["10.60.0.0/16"] };
  const existing = {
    vpcId: "vpc-0a1b2c3d",
    controlPlaneSubnetIds: ["subnet-0000000a", "subnet-0000000b"],
    nodeSubnetIds: ["subnet-0000000c"],
  };

  it("is said to make a network that nothing is connected to", () => {
    expect(surroundingsAdvice(settings({ cluster }), { previous: undefined })).toEqual([
      "cluster.publicAccessCidrs: this `pulumi up` makes the VPC, so that no network can be connected to it yet, and with a private endpoint only Pulumi gets no answer. Take a network that is there (network.existing), or list the address of this machine here until the VPC is connected.",
    ]);
  });

  it.each([
    ["the cluster is there", settings({ cluster }), previous],
    ["the network was there before", settings({ cluster, network: { existing } }), undefined],
    ["the endpoint is public, too", settings({}), undefined],
  ])("is said nothing about when %s", (_name, asked, before) => {
    expect(surroundingsAdvice(asked, { previous: before })).toEqual([]);
  });
});
