import { describe, expect, it } from "vitest";
import { advice, surroundingsAdvice } from "../../../../components/checks/advice.ts";
import type { Previous, Settings } from "../../../../components/settings/settings.ts";
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
      name: "an endpoint that only the nodes can reach",
      changes: { cluster: { publicAccessCidrs: [] } },
      line: "cluster.privateAccessCidrs: the endpoint is private, and only the nodes can reach it on TCP 443: `pulumi up` creates the cluster, then fails at the first object in it. List the range that Pulumi runs in.",
    },
    {
      name: "public addresses that the private endpoint cannot be reached from",
      changes: {
        cluster: { ...quiet.cluster, privateAccessCidrs: ["10.40.0.0/16", "198.18.0.0/15", "100.64.0.0/10"] },
      },
      line: "cluster.privateAccessCidrs: 198.18.0.0/15 is public, and the private endpoint cannot be reached from the internet; list the addresses that clients have inside the VPC or a network connected to it.",
    },
    {
      name: "instances that are throttled by default",
      changes: {
        nodePools: { default: { release: "1.35.6-20260714", instanceTypes: ["t2.large", "t3.large"] } },
      },
      line: "nodePools.default.instanceTypes: t2.large is throttled when its CPU credits run out, and Calico with it.",
    },
    {
      name: "accelerators without their device plugin",
      changes: {
        nodePools: {
          default: { release: "1.35.6-20260714", instanceTypes: ["g5.xlarge"] },
          bottlerocket: { family: "Bottlerocket", instanceTypes: ["g5.xlarge"] },
        },
      },
      line: "nodePools.default.instanceTypes: the AMI AL2023_x86_64_NVIDIA has the driver, not the NVIDIA device plugin, and pods get no accelerator without it; install it: https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-k8s-device-plugin.html.",
    },
    {
      name: "pods with addresses that hosts on the internet have",
      changes: { calico: { externalService: "Tunnel", podCidr: "8.8.0.0/16" } },
      line: "calico.podCidr: 8.8.0.0/16 is not a private range; pods and nodes cannot reach the hosts on the internet that have these addresses.",
    },
    {
      name: "kube-proxy with BPF",
      changes: { kubeProxy: "Running" },
      line: "kubeProxy: Running together with the BPF dataplane is meant for trials; kube-proxy uses memory and serves no traffic.",
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

  it.each<[string, SettingsChange]>([
    ["the defaults", {}],
    [
      "instances with unlimited credits",
      { nodePools: { default: { instanceTypes: ["t3.large", "t3a.large"] } } },
    ],
    [
      "a private endpoint with clients",
      { cluster: { publicAccessCidrs: [], privateAccessCidrs: ["10.60.0.0/16"] } },
    ],
    [
      "a private endpoint with a group of clients",
      { cluster: { publicAccessCidrs: [], privateAccessSecurityGroupIds: ["sg-0a1b2c3d"] } },
    ],
  ])("is silent about %s", (_, changes) => {
    expect(advice(settings(changes), today)).toEqual([]);
  });

  const pool = { nodePools: { default: { release: "1.34.9-20260714" } } };

  it.each([
    { day: "2026-10-02", support: "STANDARD", lines: [] },
    {
      day: "2026-10-03",
      support: "STANDARD",
      lines: [
        "cluster.kubernetesVersion: standard support of 1.34 ends on 2026-12-02; AWS then upgrades the cluster automatically.",
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

describe("a switch to eBPF", () => {
  const previous = { kubernetesVersion: "1.35", calicoVersion: "3.32.4", dataplane: "Iptables" };
  const bpf = settings({});
  const lines = (wanted: Settings, before: Previous | undefined) =>
    surroundingsAdvice(wanted, { previous: before });

  it("is said to stop traffic between pods of different nodes for a while", () => {
    expect(lines(bpf, previous)).toEqual([
      "calico.dataplane: this `pulumi up` switches to eBPF. Pods on different nodes cannot reach each other while Felix loads its programs (12 to 31 s when it was measured on Calico 3.32.1), and open connections through a NodePort of a node other than the pod's are lost (docs/switch.md).",
    ]);
  });

  it.each([
    ["eBPF was on before", bpf, { ...previous, dataplane: "BPF" }],
    ["an older release did not record the data plane", bpf, { ...previous, dataplane: undefined }],
    ["there is no cluster yet", bpf, undefined],
    [
      "it stays on iptables",
      settings({ calico: { dataplane: "Iptables", externalService: "Tunnel" }, kubeProxy: "Running" }),
      previous,
    ],
    [
      "pods are on the VPC CNI, which has no overlay",
      settings({ calico: { cni: "AmazonVPC", externalService: "Tunnel" } }),
      previous,
    ],
  ])("is said nothing about when %s", (_name, wanted, before) => {
    expect(lines(wanted, before as Previous | undefined)).toEqual([]);
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
      "cluster.publicAccessCidrs: this `pulumi up` creates the VPC: no network is connected to it yet, so Pulumi cannot reach a private endpoint. Use an existing network (network.existing), or list the address of this machine here until the VPC is connected.",
    ]);
  });

  it.each([
    ["the cluster is there", settings({ cluster }), previous],
    ["the network was there before", settings({ cluster, network: { existing } }), undefined],
    ["the endpoint is public, too", settings({}), undefined],
  ])("is said nothing about when %s", (_name, wanted, before) => {
    expect(surroundingsAdvice(wanted, { previous: before })).toEqual([]);
  });
});
