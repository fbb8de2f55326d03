import { describe, expect, it } from "vitest";
import { existingAdvice } from "../../../../../components/checks/existing/checks.ts";
import type { ClusterSnapshot, FoundVpcCni } from "../../../../../components/checks/existing/snapshot.ts";
import {
  address,
  backToIptables,
  byManifest,
  clusterLines,
  type ExistingChange,
  existingSettings,
  felix,
  manifest,
  node,
  onVpcCni,
  operator,
  snapshot,
  vpcCni,
} from "../../../../support/existing.ts";

type Found = Partial<ClusterSnapshot>;

const tunnel: ExistingChange = { calico: { externalService: "Tunnel" } };

const withCni = (changes: Partial<FoundVpcCni>): Found => ({
  ...onVpcCni,
  vpcCni: { ...vpcCni, ...changes },
});

const withEnv = (env: Readonly<Record<string, string>>) => withCni({ env: { ...vpcCni.env, ...env } });

/** Calico's manifest as it is for a cluster whose pods are on the VPC CNI. */
const policyOnly: Found = {
  ...byManifest,
  pools: [],
  daemonSets: ["kube-proxy", "aws-node", "calico-node"],
  vpcCni,
  manifest: {
    ...manifest,
    env: { ...manifest.env, FELIX_INTERFACEPREFIX: "eni", FELIX_BPFEXTTOSERVICECONNMARK: "0x80" },
  },
};

describe("a cluster on the VPC CNI", () => {
  it.each<[string, Found]>([
    ["by the operator", onVpcCni],
    ["by the manifest for it", policyOnly],
    [
      "by a manifest whose FelixConfiguration says the same",
      {
        ...policyOnly,
        manifest,
        felix: felix({ interfacePrefix: "cali,eni", bpfExtToServiceConnmark: 128 }),
      },
    ],
    ["with a release that is too new to be known", withCni({ version: "1.24.0" })],
    ["with an environment that leaves everything to the defaults", withCni({ env: {} })],
    [
      "with security groups for pods in mode standard",
      withEnv({ ENABLE_POD_ENI: "true", POD_SECURITY_GROUP_ENFORCING_MODE: "standard" }),
    ],
    [
      "with a pool of an earlier network",
      {
        ...onVpcCni,
        pools: [{ name: "old", cidr: "10.0.0.0/8", ipipMode: "Always", disabled: false }],
      },
    ],
  ])("goes to eBPF %s", (_name, found) => {
    expect(clusterLines(found, tunnel)).toEqual([]);
  });

  it.each<[string, Found, string]>([
    [
      "a release of Calico that is bad with it",
      { ...onVpcCni, operator: { ...operator, version: "3.32.1", cni: "AmazonVPC" } },
      "Calico: 3.32.1 is known to be bad: ordinary pod egress carries the service connmark, which breaks traffic between nodes on kernels from 6.10 on (projectcalico/calico#13256); 3.32.2 is the first release without it. Upgrade Calico to 3.32.2 first.",
    ],
    ...["1.23.0", "1.23.1", "1.23.2"].map((version): [string, Found, string] => [
      `its release ${version}`,
      withCni({ version }),
      `DaemonSet aws-node: the VPC CNI ${version} is known to be bad: its nftables rules wipe the mark of Calico's packets, which are then dropped (aws/amazon-vpc-cni-k8s#3872); another release is needed. Set the add-on to another release first, such as 1.22.4.`,
    ]),
    [
      "no aws-node",
      { ...onVpcCni, vpcCni: undefined },
      "DaemonSet aws-node: it does not exist in kube-system; Installation default has spec.cni.type: AmazonVPC, and nothing else gives pods their addresses. Install the add-on vpc-cni, or choose another cluster.",
    ],
    [
      "AWS's own network policies",
      withCni({ enforcesPolicies: true }),
      'DaemonSet aws-node, container aws-eks-nodeagent: --enable-network-policy=true; its eBPF programs would filter the packets of pods next to Calico\'s. Set enableNetworkPolicy: "false" in the configuration of the add-on vpc-cni.',
    ],
    [
      "interfaces that Felix does not know",
      withEnv({ AWS_VPC_K8S_CNI_VETHPREFIX: "pod" }),
      "DaemonSet aws-node, environment AWS_VPC_K8S_CNI_VETHPREFIX: pod; Felix attaches its eBPF programs to the interfaces of pods, which it recognizes by the prefix eni. Set it to eni, and replace the nodes.",
    ],
    [
      "no route for marked replies",
      withEnv({ AWS_VPC_CNI_NODE_PORT_SUPPORT: "false" }),
      "DaemonSet aws-node, environment AWS_VPC_CNI_NODE_PORT_SUPPORT: false; Calico marks replies to clients outside for the route that only this setting adds. Set it to true.",
    ],
    [
      "security groups for pods in mode strict",
      withEnv({ ENABLE_POD_ENI: "true" }),
      "DaemonSet aws-node, environment ENABLE_POD_ENI: true; in mode strict, the default, Felix does not recognize the interfaces of pods with their own security groups, and they could not reach services. Set POD_SECURITY_GROUP_ENFORCING_MODE: standard and replace those pods, or ENABLE_POD_ENI: false.",
    ],
  ])("is refused with %s", (_name, found, line) => {
    expect(clusterLines(found, tunnel)).toEqual([line]);
  });

  it("is refused with a manifest that does not say where its pods are", () => {
    expect(clusterLines({ ...policyOnly, manifest }, tunnel)).toEqual([
      "DaemonSet calico-node, environment FELIX_INTERFACEPREFIX: not set; pods get their addresses from the AWS VPC CNI, and without it Felix does not manage the interfaces of pods. Set it to eni; or delete DaemonSet aws-node, if Calico's own CNI is used.",
      "DaemonSet calico-node, environment FELIX_BPFEXTTOSERVICECONNMARK: not set; pods get their addresses from the AWS VPC CNI, and without it replies to clients outside leave through the wrong network interface. Set it to 0x80; or delete DaemonSet aws-node, if Calico's own CNI is used.",
    ]);
  });

  it("does not get DSR, and is then not measured by what DSR needs in AWS", () => {
    const onEc2: Found = { nodes: [node("a", { instanceId: "i-a" })], aws: { interfaces: [], rules: [] } };

    expect(clusterLines({ ...onVpcCni, ...onEc2, felix: felix({ awsSrcDstCheck: "Enable" }) })).toEqual([
      "calico.externalService: DSR needs replies that leave through the first network interface of a node; the cluster's CNI is AmazonVPC, whose pods are on further interfaces as well. Set externalService: Tunnel.",
    ]);
  });

  it("goes back to iptables whatever its VPC CNI is like", () => {
    const found = { ...withCni({ version: "1.23.0", enforcesPolicies: true }) };

    expect(clusterLines(found, backToIptables)).toEqual([]);
  });

  it("is unknown, not without aws-node, where DaemonSets may not be read", () => {
    const unread = [
      { verb: "list", resource: "daemonsets.apps", namespace: "kube-system", why: "status 403" },
    ];
    const lines = clusterLines({ ...onVpcCni, vpcCni: undefined, unread }, tunnel);

    expect(lines.filter((line) => line.startsWith("DaemonSet aws-node"))).toEqual([]);
    expect(lines[0]).toMatch(/^list daemonsets.apps in kube-system: unknown/);
  });
});

describe("calico.cni of an existing cluster", () => {
  const cni = (value: "AmazonVPC" | "Calico") => ({ calico: { ...tunnel.calico, cni: value } });

  it("passes when it is what the cluster has", () => {
    expect(clusterLines({}, cni("Calico"))).toEqual([]);
    expect(clusterLines(byManifest, cni("Calico"))).toEqual([]);
    expect(clusterLines(onVpcCni, cni("AmazonVPC"))).toEqual([]);
    expect(clusterLines(policyOnly, cni("AmazonVPC"))).toEqual([]);
  });

  it("is refused when the cluster has another one", () => {
    expect(clusterLines(onVpcCni, cni("Calico"))).toEqual([
      "calico.cni: Calico; the cluster's pods get their addresses from AmazonVPC, and its CNI is not changed. Set cni: AmazonVPC, or remove it.",
    ]);
    expect(clusterLines({}, cni("AmazonVPC"))).toEqual([
      "calico.cni: AmazonVPC; the cluster's pods get their addresses from Calico, and its CNI is not changed. Remove it.",
    ]);
  });

  it("is not compared with an Installation that may not be read", () => {
    const unread = [{ verb: "get", resource: "installations.operator.tigera.io", why: "status 403" }];
    const lines = clusterLines({ operator: undefined, unread }, cni("AmazonVPC"));

    expect(lines.filter((line) => line.startsWith("calico.cni"))).toEqual([]);
  });
});

describe("advice on a cluster on the VPC CNI", () => {
  const advice = (found: Found, change = tunnel) =>
    existingAdvice(existingSettings(change), address, snapshot(found));

  it("is none for one that needs none, nor for one with Calico's own network", () => {
    expect(advice(onVpcCni)).toEqual([]);
    const own = { vpcCni: { ...vpcCni, version: "1.24.0", env: {} } };
    expect(advice({ ...own, operator: { ...operator, linuxDataplane: "BPF" } })).toEqual([]);
  });

  it("says that aws-node depends on kube-proxy, which is parked", () => {
    const alone = withEnv({ CLUSTER_ENDPOINT: "" });

    expect(advice(alone)).toEqual([
      "DaemonSet aws-node: it has no environment variable CLUSTER_ENDPOINT, so on a new node without kube-proxy it waits until Calico's eBPF serves the API server's address; set it in the configuration of the add-on vpc-cni.",
    ]);
    expect(advice(alone, { ...tunnel, kubeProxy: "Running" })).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["the add-on leaves it", { CLUSTER_ENDPOINT: "https://x" }],
    ["two are allowed", { CLUSTER_ENDPOINT: "https://x", MAX_ENI: "2" }],
    ["it is off", { CLUSTER_ENDPOINT: "https://x", MAX_ENI: "0" }],
  ])("says that NodePorts of pods on further interfaces may be lost, where %s", (_what, env) => {
    expect(advice(withCni({ env }))).toEqual([
      "DaemonSet aws-node: MAX_ENI is not 1, so pods may be on further network interfaces of a node, and with Calico 3.28.5 their NodePorts did not answer; set it to 1 in the configuration of the add-on vpc-cni where the first interface has addresses for all pods, then replace the nodes.",
    ]);
    expect(advice(withCni({ env }), backToIptables)).toEqual([]);
  });

  it.each([
    ["1.24.0", "the VPC CNI 1.24.0"],
    [undefined, "its release, which its image does not show,"],
  ])("says of release %s that its fix could not be checked", (version, named) => {
    expect(advice(withCni({ version }))).toEqual([
      `DaemonSet aws-node: whether ${named} has the fix for aws/amazon-vpc-cni-k8s#3872 could not be checked; without it, its nftables rules wipe the mark of Calico's packets, which are then dropped.`,
    ]);
  });
});
