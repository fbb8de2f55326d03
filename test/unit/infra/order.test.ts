import { describe, expect, it } from "vitest";
import { type Recorded, record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { before, find, registered, topLevel } from "../../support/graph.ts";
import { broken } from "../../support/invariants.ts";
import { type SettingsChange, settings } from "../../support/settings.ts";
import { stackConfig } from "../../support/stackConfig.ts";
import {
  bothFamilies,
  existingNetwork,
  parked,
  reversed,
  severalZones,
  unencapsulated,
  withoutNat,
} from "./variants.ts";

const tags = { environment: "test" };
const recorded = async (changes: SettingsChange) =>
  (await record(program, { config: stackConfig({ ...changes, tags }) })).resources;

const base = await recorded({});
const withKubeProxy = await recorded(parked);
const onTrial = await recorded({ kubeProxy: "Running" });
const onIptables = await recorded(reversed);
const privateOnly = await recorded({ ...withoutNat, cluster: { publicAccessCidrs: [] } });

const chart = "kubernetes:helm.sh/v4:Chart tigera-operator";
const installation = "kubernetes:operator.tigera.io/v1:Installation installation";
const felix = "kubernetes:crd.projectcalico.org/v1:FelixConfiguration felix-configuration";
const dataplaneGate = "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch dataplane-gate";
const readyGate = "kubernetes:operator.tigera.io/v1:InstallationPatch ready-gate";
const kubeProxyAddon = "aws:eks/addon:Addon kube-proxy";
const kubeProxyPatch = "kubernetes:apps/v1:DaemonSetPatch kube-proxy";
const crds = [
  "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition apiservers.operator.tigera.io",
  "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition felixconfigurations.crd.projectcalico.org",
  "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition installations.operator.tigera.io",
];
const endpoint = "kubernetes:core/v1:ConfigMap kubernetes-services-endpoint";
const nodeGroup = "aws:eks/nodeGroup:NodeGroup calico-ebpf-eks-dev-default";

/** Everything before `type name`. */
const beforeOf = (resources: readonly Recorded[], label: string) => {
  const [type = "", name] = label.split(" ");
  return before(resources, find(resources, type, name));
};

describe("the order", () => {
  it("has both gates after the Installation, the operator and every node group", async () => {
    const twoPools = await recorded(bothFamilies);

    for (const gate of [dataplaneGate, readyGate]) {
      expect([...beforeOf(twoPools, gate)]).toEqual(
        expect.arrayContaining([
          installation,
          chart,
          "kubernetes:operator.tigera.io/v1:APIServer api-server",
          "aws:eks/nodeGroup:NodeGroup calico-ebpf-eks-dev-spot",
          "aws:eks/nodeGroup:NodeGroup calico-ebpf-eks-dev-arm",
        ]),
      );
    }
    expect(beforeOf(base, readyGate)).not.toContain(dataplaneGate);
  });

  it("has a kube-proxy that is to go after the dataplane gate, and not after the ready gate", () => {
    for (const one of [kubeProxyAddon, kubeProxyPatch]) {
      expect(beforeOf(withKubeProxy, one)).toContain(dataplaneGate);
      expect(beforeOf(withKubeProxy, one)).not.toContain(readyGate);
    }
  });

  it.each([
    ["on the way back to iptables", onIptables],
    ["on trial with eBPF", onTrial],
  ] as const)(
    "has a kube-proxy that is to run before the Installation, and after nothing that can be unhealthy: %s",
    (_name, resources) => {
      const earlier = beforeOf(resources, installation);

      expect([...earlier]).toEqual(expect.arrayContaining([kubeProxyAddon, kubeProxyPatch, felix]));
      for (const one of [kubeProxyAddon, kubeProxyPatch]) {
        expect(beforeOf(resources, one)).toContain(felix);
        for (const never of [chart, installation, dataplaneGate, readyGate, nodeGroup]) {
          expect(beforeOf(resources, one)).not.toContain(never);
        }
      }
    },
  );

  it("has Calico's kinds after nothing in the cluster, and its objects after their kinds", () => {
    for (const crd of crds) {
      expect([...beforeOf(base, crd)].filter((one) => one.startsWith("kubernetes:"))).toEqual([]);
    }
    for (const one of [felix, installation]) {
      expect([...beforeOf(base, one)]).toEqual(expect.arrayContaining(crds));
      expect(beforeOf(base, one)).not.toContain(chart);
    }
    expect(beforeOf(base, felix)).toContain(endpoint);
  });

  it("has CoreDNS after the ready gate, and after kube-proxy where there is one", () => {
    const coreDns = beforeOf(withKubeProxy, "aws:eks/addon:Addon coredns");

    expect([...coreDns]).toEqual(expect.arrayContaining([readyGate, kubeProxyAddon, kubeProxyPatch]));
    expect(beforeOf(base, "aws:eks/addon:Addon coredns")).toContain(readyGate);
  });

  it("has the gates of the other statuses after DNS, which Calico's API server asks, and nothing after them", () => {
    const gates = registered(base).filter((one) => one.includes(":TigeraStatusPatch "));

    expect(gates).toHaveLength(3);
    for (const gate of gates) {
      expect(beforeOf(base, gate)).toContain("kubernetes:apps/v1:DeploymentPatch coredns");
      for (const one of base) expect(before(base, one)).not.toContain(gate);
    }
  });

  it("has nodes after their way out, their policies, the firewall and the endpoint", () => {
    const needed = registered(base).filter(
      (one) =>
        /^aws:(iam\/rolePolicy|vpc\/securityGroup|ec2\/vpcEndpoint|ec2\/routeTableAssociation)/.test(one) ||
        one.startsWith("aws:ec2/route:Route "),
    );

    expect(needed).toHaveLength(4 + 12 + 1 + 2 + 2);
    expect([...beforeOf(base, nodeGroup)]).toEqual(expect.arrayContaining([...needed, endpoint]));
  });

  it("has nodes after the interface endpoints where they are the way out", () => {
    const endpoints = registered(privateOnly).filter((one) => /^aws:ec2\/vpcEndpoint/.test(one));

    expect(endpoints).toHaveLength(8);
    expect([...beforeOf(privateOnly, nodeGroup)]).toEqual(expect.arrayContaining(endpoints));
  });

  it("has nodes after all that Calico takes has been submitted, and before all that waits for it", () => {
    const nodes = [...beforeOf(base, nodeGroup)];

    expect(nodes).toEqual(expect.arrayContaining([...crds, endpoint, chart, felix, installation]));
    for (const one of [dataplaneGate, readyGate, "aws:eks/addon:Addon coredns"]) {
      expect(nodes).not.toContain(one);
    }
  });

  it("has the cluster after its log group", () => {
    expect(beforeOf(base, "eks:index:Cluster calico-ebpf-eks-dev")).toContain(
      "aws:cloudwatch/logGroup:LogGroup calico-ebpf-eks-dev",
    );
  });
});

const variants: Readonly<Record<string, SettingsChange>> = {
  "the defaults": {},
  reversed,
  parked,
  withoutNat,
  existingNetwork,
  bothFamilies,
  unencapsulated,
  severalZones,
};

describe.each(Object.entries(variants))("every resource of %s", async (_name, changes) => {
  const resources = await recorded(changes);
  const text = JSON.stringify(resources.map(({ type, name, inputs }) => ({ type, name, inputs })));

  it("has a parent among our components, but for the components and the provider", () => {
    const ours = [
      "calico-ebpf-eks:index:Calico calico",
      "calico-ebpf-eks:index:CalicoCrds calico-crds",
      "calico-ebpf-eks:index:ControlPlane calico-ebpf-eks-dev",
      "calico-ebpf-eks:index:CoreDns coredns",
      "calico-ebpf-eks:index:Dataplane dataplane",
      "calico-ebpf-eks:index:DataplaneGate dataplane-gate",
      "calico-ebpf-eks:index:KubeProxy kube-proxy",
      ...(changes.network?.existing === undefined
        ? ["calico-ebpf-eks:index:Network calico-ebpf-eks-dev-network"]
        : []),
      "calico-ebpf-eks:index:NodeFirewall calico-ebpf-eks-dev-node",
      "calico-ebpf-eks:index:NodePools calico-ebpf-eks-dev",
      "calico-ebpf-eks:index:NodeRole calico-ebpf-eks-dev-node",
      "calico-ebpf-eks:index:ReadyGate ready-gate",
      "calico-ebpf-eks:index:StatusGates status-gates",
      "pulumi:providers:aws aws",
    ];

    expect(topLevel(resources)).toEqual(ours);
  });

  it("holds the invariants", () => {
    expect(broken({ resources, settings: settings({ ...changes, tags }) })).toEqual([]);
  });

  it("uses one of our two providers", () => {
    const aws = `${find(resources, "pulumi:providers:aws").urn}::aws-id`;
    const kubernetes = `${find(resources, "pulumi:providers:kubernetes").urn}::calico-ebpf-eks-dev-id`;
    const remote = resources.filter((one) => one.remote && one.type.startsWith("kubernetes:"));

    expect(
      registered(resources.filter((one) => one.type.startsWith("aws:") && one.provider !== aws)),
    ).toEqual([]);
    expect(
      registered(
        resources.filter((one) => one.custom && /^kubernetes:/.test(one.type) && one.provider !== kubernetes),
      ),
    ).toEqual([]);
    expect(remote.map(({ providers }) => providers["kubernetes"])).toEqual([kubernetes]);
  });

  it("keeps out the VPC CNI, its policy, a default kube-proxy and bpfEnabled as a field", () => {
    const addons = resources
      .filter(({ type }) => type === "aws:eks/addon:Addon")
      .map(({ inputs }) => inputs["addonName"]);
    const kubeProxy = changes.kubeProxy === undefined ? [] : ["kube-proxy"];

    expect(addons.toSorted()).toEqual(["coredns", ...kubeProxy]);
    expect(text).not.toContain("AmazonEKS_CNI_Policy");
    expect(text).not.toContain('"bpfEnabled"');
    expect(text).not.toMatch(/remoteAccess|keyName|imageId|mapPublicIpOnLaunch|associatePublicIpAddress/);
  });

  it("is waited for, but for FelixConfiguration, the Installation and the chart: a reversal must get past them", () => {
    const skips = resources.filter(({ inputs }) => /skipAwait/.test(JSON.stringify(inputs)));

    expect(registered(skips)).toEqual([felix, chart, installation]);
  });
});
