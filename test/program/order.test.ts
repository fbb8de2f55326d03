import { describe, expect, it } from "vitest";
import { program } from "../../infra/program.ts";
import { before, find, registered, topLevel } from "../support/graph.ts";
import { broken } from "../support/invariants.ts";
import { type Recorded, record } from "../support/recorder.ts";
import { type SettingsChange, settings } from "../support/settings.ts";
import { stackConfig } from "../support/stackConfig.ts";
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
const onIptables = await recorded(reversed);
const privateOnly = await recorded({ ...withoutNat, cluster: { publicAccessCidrs: [] } });

const chart = "kubernetes:helm.sh/v4:Chart tigera-operator";
const installation = "kubernetes:operator.tigera.io/v1:Installation installation";
const felix = "kubernetes:crd.projectcalico.org/v1:FelixConfiguration felix-configuration";
const dataplaneGate = "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch dataplane-gate";
const readyGate = "kubernetes:operator.tigera.io/v1:InstallationPatch ready-gate";
const kubeProxyAddon = "aws:eks/addon:Addon kube-proxy";
const kubeProxyPatch = "kubernetes:apps/v1:DaemonSetPatch kube-proxy";
const endpoint = "kubernetes:core/v1:ConfigMap kubernetes-services-endpoint";
const nodeGroup = "aws:eks/nodeGroup:NodeGroup calico-ebpf-eks-dev-default";

/** Everything before `type name`. */
const beforeOf = (resources: readonly Recorded[], label: string) => {
  const [type = "", name] = label.split(" ");
  return before(resources, find(resources, type, name));
};

describe("the order", () => {
  it("has the dataplane gate after the Installation", () => {
    expect(beforeOf(base, dataplaneGate)).toContain(installation);
  });

  it("has kube-proxy after the dataplane gate, and not after the ready gate: a reversal must not hang on health", () => {
    for (const one of [kubeProxyAddon, kubeProxyPatch]) {
      expect(beforeOf(withKubeProxy, one)).toContain(dataplaneGate);
      expect(beforeOf(withKubeProxy, one)).not.toContain(readyGate);
      expect(beforeOf(withKubeProxy, one)).not.toContain(nodeGroup);
    }
  });

  it("has kube-proxy before the Installation on the way back to iptables, and before all that waits for health", () => {
    const earlier = beforeOf(onIptables, installation);

    expect([...earlier]).toEqual(expect.arrayContaining([kubeProxyAddon, kubeProxyPatch]));
    expect([...earlier]).toContain(felix);
    for (const one of [kubeProxyAddon, kubeProxyPatch]) {
      for (const never of [dataplaneGate, readyGate, nodeGroup]) {
        expect(beforeOf(onIptables, one)).not.toContain(never);
      }
    }
  });

  it("has CoreDNS after the ready gate, and after kube-proxy where there is one", () => {
    const coreDns = beforeOf(withKubeProxy, "aws:eks/addon:Addon coredns");

    expect([...coreDns]).toEqual(expect.arrayContaining([readyGate, kubeProxyAddon, kubeProxyPatch]));
    expect(beforeOf(base, "aws:eks/addon:Addon coredns")).toContain(readyGate);
  });

  it("has the ready gate after the Installation, the API server and every node group", async () => {
    const gate = beforeOf(await recorded(bothFamilies), readyGate);

    expect([...gate]).toEqual(
      expect.arrayContaining([
        installation,
        "kubernetes:operator.tigera.io/v1:APIServer api-server",
        "aws:eks/nodeGroup:NodeGroup calico-ebpf-eks-dev-spot",
        "aws:eks/nodeGroup:NodeGroup calico-ebpf-eks-dev-arm",
      ]),
    );
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

  it("has nodes and the operator side by side: each waits for the other while both run", () => {
    const nodes = beforeOf(base, nodeGroup);

    for (const one of [chart, installation, dataplaneGate, readyGate]) expect(nodes).not.toContain(one);
    for (const one of [chart, installation, dataplaneGate]) {
      expect(beforeOf(base, one)).not.toContain(nodeGroup);
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
      "calico-ebpf-eks:index:ControlPlane calico-ebpf-eks-dev",
      "calico-ebpf-eks:index:CoreDns coredns",
      "calico-ebpf-eks:index:Dataplane dataplane",
      "calico-ebpf-eks:index:KubeProxy kube-proxy",
      ...(changes.network?.existing === undefined
        ? ["calico-ebpf-eks:index:Network calico-ebpf-eks-dev-network"]
        : []),
      "calico-ebpf-eks:index:NodeFirewall calico-ebpf-eks-dev-node",
      "calico-ebpf-eks:index:NodePools calico-ebpf-eks-dev",
      "calico-ebpf-eks:index:NodeRole calico-ebpf-eks-dev-node",
      "calico-ebpf-eks:index:ReadyGate ready-gate",
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

  it("is waited for, but for FelixConfiguration and the Installation: a reversal must get past them", () => {
    const skips = resources.filter(({ inputs }) => /skipAwait/.test(JSON.stringify(inputs)));

    expect(registered(skips)).toEqual([felix, installation]);
  });
});
