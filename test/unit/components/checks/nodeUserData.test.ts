import { describe, expect, it } from "vitest";
import { settingsLines } from "../../../support/lines.ts";

type UserData = Record<string, unknown>;

const al2023 = (userData: UserData) => settingsLines({ nodePools: { default: { userData } } });
const bottlerocket = (userData: UserData) =>
  settingsLines({ nodePools: { default: { family: "Bottlerocket", userData } } });

const at = "nodePools.default.userData";

describe("user data of AL2023 is refused", () => {
  it.each<[string, UserData, string]>([
    [
      "for EKS's part",
      { cluster: { name: "x" } },
      `${at}.cluster: it cannot be set here; it is set by EKS. Remove it.`,
    ],
    [
      "for a part that is misspelt",
      { kubelets: {} },
      `${at}.kubelets: unknown setting; a NodeConfig's spec has kubelet, containerd, instance and featureGates. Write kubelet, or remove it.`,
    ],
    [
      "for a field that nodeadm does not have",
      { kubelet: { maxPods: 58 } },
      `${at}.kubelet.maxPods: unknown setting; kubelet of a NodeConfig has config, flags and maxPodsExpression. Correct its name, or remove it.`,
    ],
    ["for a part of another type", { kubelet: [] }, `${at}.kubelet: it is []; must be a mapping. Change it.`],
    [
      "for the number of pods",
      { kubelet: { config: { maxPods: 58 } } },
      `${at}.kubelet.config.maxPods: it cannot be set here; it is nodePools.<name>.maxPods. Remove it.`,
    ],
    [
      "for the number of pods as an expression",
      { kubelet: { maxPodsExpression: "58" } },
      `${at}.kubelet.maxPodsExpression: it cannot be set here; it is nodePools.<name>.maxPods. Remove it.`,
    ],
    [
      "for the address of DNS",
      { kubelet: { config: { clusterDNS: ["10.0.0.10"] } } },
      `${at}.kubelet.config.clusterDNS: it cannot be set here; it follows from cluster.serviceCidr, and CoreDNS answers there. Remove it.`,
    ],
    [
      "for a flag that is a setting",
      { kubelet: { flags: ["--v=4", "--node-labels=a=b"] } },
      `${at}.kubelet.flags[1]: it cannot be set here; it is nodePools.<name>.labels. Remove it.`,
    ],
    [
      "for the flag of a field in capitals",
      { kubelet: { flags: ["--cluster-dns=10.0.0.10"] } },
      `${at}.kubelet.flags[0]: it cannot be set here; it follows from cluster.serviceCidr, and CoreDNS answers there. Remove it.`,
    ],
    [
      "for a flag of the kubelet's certificate authority",
      { kubelet: { flags: ["--client-ca-file=/x"] } },
      `${at}.kubelet.flags[0]: it cannot be set here; it is the cluster's certificate, which lets the control plane in. Remove it.`,
    ],
    [
      "for a flag of no form",
      { kubelet: { flags: ["v=4"] } },
      `${at}.kubelet.flags[0]: it is "v=4"; must be a flag such as --image-gc-high-threshold=80. Change it.`,
    ],
    [
      "for the folder of CNI plugins",
      { containerd: { config: "[plugins.x.cni]\n  bin_dir = '/opt'\n" } },
      `${at}.containerd.config: it sets bin_dir; that is where Calico installs its CNI plugin. Remove it.`,
    ],
    [
      "for node names by instance",
      { featureGates: { InstanceIdNodeName: true } },
      `${at}.featureGates.InstanceIdNodeName: it names nodes by their instance; EKS admits the nodes of a managed node group by their private DNS name. Remove it.`,
    ],
    [
      "for what is Bottlerocket's",
      { kernel: { lockdown: "integrity" } },
      `${at}.kernel: unknown setting; a NodeConfig's spec has kubelet, containerd, instance and featureGates. Correct its name, or remove it.`,
    ],
    [
      "for its length",
      { containerd: { config: `# ${"x".repeat(17_000)}` } },
      `${at}: the user data has 17415 bytes; EC2 allows 16384, and EKS adds its own. Shorten it.`,
    ],
  ])("%s", (_, userData, line) => {
    expect(al2023(userData)).toEqual([line]);
  });

  it("with every problem at once", () => {
    expect(
      al2023({ cluster: {}, kubelet: { config: { maxPods: 1, port: 1 }, flags: ["--max-pods=1"] } }),
    ).toHaveLength(4);
  });

  it("but not for what belongs only to nodeadm", () => {
    expect(
      al2023({
        kubelet: {
          config: { imageGCHighThresholdPercent: 80, featureGates: { X: true } },
          flags: ["--v=4", "--image-gc-high-threshold=80"],
        },
        containerd: { config: "[plugins.x]\n  snapshotter = 'overlayfs'\n", baseRuntimeSpec: {} },
        instance: { localStorage: { strategy: "RAID0" } },
        featureGates: { FastImagePull: true, InstanceIdNodeName: false },
      }),
    ).toEqual([]);
  });
});

describe("user data of Bottlerocket is refused", () => {
  it.each<[string, UserData, string]>([
    [
      "for the number of pods",
      { kubernetes: { "max-pods": 58 } },
      `${at}.kubernetes.max-pods: it cannot be set here; it is nodePools.<name>.maxPods. Remove it.`,
    ],
    [
      "for labels",
      { kubernetes: { "node-labels": { a: "b" } } },
      `${at}.kubernetes.node-labels: it cannot be set here; it is nodePools.<name>.labels. Remove it.`,
    ],
    [
      "for the node's name",
      { network: { hostname: "x" } },
      `${at}.network.hostname: it cannot be set here; it is the node's name, by which EKS admits it. Remove it.`,
    ],
    [
      "for a mode of the kernel in which eBPF does not load",
      { kernel: { lockdown: "confidentiality" } },
      `${at}.kernel.lockdown: the mode is confidentiality; the kernel then refuses the eBPF programs of Calico. Write integrity, or remove it.`,
    ],
    [
      "for a number where the kernel's settings are strings",
      { kernel: { sysctl: { "net.core.somaxconn": 1024 } } },
      `${at}.kernel.sysctl["net.core.somaxconn"]: it is 1024; must be a string. Change it.`,
    ],
    [
      "for a node that forwards nothing",
      { kernel: { sysctl: { "net.ipv4.ip_forward": "0" } } },
      `${at}.kernel.sysctl["net.ipv4.ip_forward"]: it cannot be set here; it is 1: a node forwards its pods' packets. Remove it.`,
    ],
    [
      "for null",
      { ntp: { "time-servers": null } },
      `${at}.ntp: it is {"time-servers":null}; must be free of null, which TOML does not support. Change it.`,
    ],
  ])("%s", (_, userData, line) => {
    expect(bottlerocket(userData)).toEqual([line]);
  });

  it("for a table that it does not have", () => {
    expect(bottlerocket({ kubelet: {} })).toEqual([
      expect.stringContaining(
        `${at}.kubelet: unknown setting; Bottlerocket's settings has autoscaling, aws, boot`,
      ),
    ]);
  });

  it("but not for what belongs only to Bottlerocket", () => {
    expect(
      bottlerocket({
        motd: "hello",
        kernel: {
          lockdown: "integrity",
          sysctl: { "net.core.somaxconn": "1024", "net.ipv4.ip_forward": "1" },
        },
        kubernetes: { "image-gc-high-threshold-percent": "80", "cpu-manager-policy": "static" },
        "host-containers": { admin: { enabled: false } },
      }),
    ).toEqual([]);
  });
});
