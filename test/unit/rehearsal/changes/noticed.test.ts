import { describe, expect, it } from "vitest";
import { noticesOf } from "../../../rehearsal/changes/noticed.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

const step = (type: string, name: string, operation = "update") => ({ urn: name, type, name, operation });
const felix = step("kubernetes:crd.projectcalico.org/v1:FelixConfiguration", "felix-configuration");
const installation = step("kubernetes:operator.tigera.io/v1:Installation", "installation");
const operator = step("kubernetes:apps/v1:Deployment", "tigera-operator:tigera-operator/tigera-operator");
const patch = step("kubernetes:apps/v1:DaemonSetPatch", "kube-proxy");
const addon = (operation: string) => step("aws:eks/addon:Addon", "kube-proxy", operation);
const coreDnsAddon = step("aws:eks/addon:Addon", "coredns");
const vpcCniAddon = step("aws:eks/addon:Addon", "vpc-cni");
const coreDns = step("kubernetes:apps/v1:DeploymentPatch", "coredns");
const cluster = step("aws:eks/cluster:Cluster", "dev-eksCluster");
const nodeGroup = step("aws:eks/nodeGroup:NodeGroup", "dev-default");
const gate = step("kubernetes:operator.tigera.io/v1:InstallationPatch", "ready-gate");

const goldmane = (operation: string) =>
  step("kubernetes:operator.tigera.io/v1:Goldmane", "goldmane", operation);
const policy = (name: string, operation: string) =>
  step("kubernetes:networking.k8s.io/v1:NetworkPolicy", `shop-${name}`, operation);

const watched: SettingsChange = { observability: { prometheus: "Operator" } };
const denied: SettingsChange = { networkPolicies: { defaultDeny: ["shop"] } };
const iptables: SettingsChange = {
  calico: { dataplane: "Iptables", externalService: "Tunnel" },
  kubeProxy: "Running",
};

const onVpcCni: SettingsChange = { calico: { cni: "AmazonVPC" } };
const iptablesOnVpcCni: SettingsChange = {
  calico: { cni: "AmazonVPC", dataplane: "Iptables" },
  kubeProxy: "Running",
};

describe("what users notice of a step", () => {
  it.each([
    ["a change of the service mode", felix, {}, { calico: { externalService: "Tunnel" } }, ["serviceMode"]],
    ["kube-proxy to come", felix, {}, { kubeProxy: "Running" }, ["besideKubeProxy"]],
    [
      "any other setting of Felix",
      felix,
      {},
      { calico: { felix: { bpfLogLevel: "Info" } } },
      ["felixSettings"],
    ],
    ["the way to eBPF", installation, iptables, {}, ["toBpf"]],
    ["the way back", installation, {}, iptables, ["toIptables"]],
    ["the way to eBPF on the VPC CNI", installation, iptablesOnVpcCni, onVpcCni, ["toBpfOnVpcCni"]],
    ["the way back on the VPC CNI", installation, onVpcCni, iptablesOnVpcCni, ["toIptablesOnVpcCni"]],
    ["a setting of the Installation that is not a switch", installation, {}, { calico: { mtu: 1440 } }, []],
    ["another Calico", operator, {}, { calico: { version: "3.33.1" } }, ["operatorUpgraded"]],
    ["other values of the chart", operator, {}, { calico: { registry: "example.com/quay" } }, []],
    ["kube-proxy parked", patch, { kubeProxy: "Running" }, { kubeProxy: "Parked" }, ["kubeProxyStops"]],
    ["kube-proxy unparked", patch, { kubeProxy: "Parked" }, { kubeProxy: "Running" }, ["kubeProxyStarts"]],
    ["a parked add-on that goes", addon("delete"), { kubeProxy: "Parked" }, {}, []],
    ["a running add-on that goes", addon("delete"), { kubeProxy: "Running" }, {}, ["kubeProxyStops"]],
    [
      "a new add-on, even one to be parked",
      addon("create"),
      {},
      { kubeProxy: "Parked" },
      ["kubeProxyStarts"],
    ],
    [
      "new tags of the add-on",
      addon("update"),
      { kubeProxy: "Parked" },
      { kubeProxy: "Parked", tags: { a: "b" } },
      [],
    ],
    [
      "CoreDNS of another Kubernetes",
      coreDnsAddon,
      {},
      { cluster: { kubernetesVersion: "1.36" } },
      ["coreDnsUpgraded"],
    ],
    ["new tags of CoreDNS's add-on", coreDnsAddon, {}, { tags: { a: "b" } }, []],
    [
      "kube-proxy of another Kubernetes",
      addon("update"),
      { kubeProxy: "Running" },
      { kubeProxy: "Running", cluster: { kubernetesVersion: "1.36" } },
      ["kubeProxyUpgraded"],
    ],
    [
      "a parked kube-proxy of another Kubernetes, which has no pods",
      addon("update"),
      { kubeProxy: "Parked" },
      { kubeProxy: "Parked", cluster: { kubernetesVersion: "1.36" } },
      [],
    ],
    [
      "the VPC CNI of another Kubernetes",
      vpcCniAddon,
      { calico: { cni: "AmazonVPC" } },
      { calico: { cni: "AmazonVPC" }, cluster: { kubernetesVersion: "1.36" } },
      ["vpcCniUpgraded"],
    ],
    ["new tags of the VPC CNI's add-on", vpcCniAddon, {}, { tags: { a: "b" } }, []],
    ["CoreDNS", coreDns, {}, iptables, ["coreDnsRolled"]],
    ["another Kubernetes", cluster, {}, { cluster: { kubernetesVersion: "1.36" } }, ["controlPlaneUpgraded"]],
    ["another setting of the cluster", cluster, {}, { cluster: { logTypes: [] } }, []],
    [
      "another AMI release",
      nodeGroup,
      {},
      { nodePools: { default: { release: "1.35.4-20260601" } } },
      ["nodesReplaced"],
    ],
    [
      "a larger pool",
      nodeGroup,
      {},
      { nodePools: { default: { size: { min: 2, desired: 3, max: 4 } } } },
      [],
    ],
    ["a gate", gate, {}, iptables, []],
    ["metrics of Typha", installation, {}, { observability: { prometheus: "Operator" } }, ["typhaRolled"]],
    [
      "Typha's own port, spelled out",
      installation,
      watched,
      { observability: { typhaMetricsPort: 9093 } },
      [],
    ],
    ["flows to come", goldmane("create"), {}, { observability: { flows: true } }, ["flowsTurned"]],
    ["flows that go", goldmane("delete"), { observability: { flows: true } }, {}, ["flowsTurned"]],
    ["a namespace that closes", policy("default-deny", "create"), {}, denied, ["podsClosed"]],
    ["a namespace that opens", policy("default-deny", "delete"), denied, {}, ["podsOpened"]],
    ["what stays open there", policy("allow-dns-and-api-server", "create"), {}, denied, []],
  ] as const)("%s", (_name, one, from, to, found) => {
    const change = { from: settings(from as SettingsChange), to: settings(to as SettingsChange) };

    expect(noticesOf(one, change)).toEqual(found);
  });
});
