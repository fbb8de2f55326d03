import { beforeAll, describe, expect, it } from "vitest";
import { type Recorded, record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { before, find } from "../../support/graph.ts";
import { broken, type Graph } from "../../support/invariants.ts";
import { settings } from "../../support/settings.ts";
import { stackConfig } from "../../support/stackConfig.ts";
import { reversed } from "./variants.ts";

const wanted = { kubeProxy: "Parked", tags: { team: "platform" } } as const;
const graph: Graph = { settings: settings(wanted), resources: [] };
let resources: readonly Recorded[];

beforeAll(async () => {
  ({ resources } = await record(program, { config: stackConfig(wanted) }));
});

/** The resources with some other fields in one of them. */
function tampered(type: string, name: string, fields: (one: Recorded) => Partial<Recorded>): Graph {
  const one = find(resources, type, name);
  return {
    ...graph,
    resources: resources.map((other) => (other === one ? { ...one, ...fields(one) } : other)),
  };
}

const chart = "kubernetes:helm.sh/v4:Chart";
const nodeGroup = "aws:eks/nodeGroup:NodeGroup";
const installation = "kubernetes:operator.tigera.io/v1:Installation";
const servedAlways = "kube-proxy serves before eBPF goes, and goes after eBPF serves";
const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const urnOf = (type: string) => find(resources, type).urn;

/** URNs of what comes after something, and so would bring it along. */
const afterwards = (type: string) => {
  const { name } = find(resources, type);
  return resources.filter((one) => before(resources, one).has(`${type} ${name}`)).map(({ urn }) => urn);
};

describe("the invariants", () => {
  it("hold for the program", () => {
    expect(broken({ ...graph, resources })).toEqual([]);
  });

  it("tell eBPF that goes before kube-proxy serves", async () => {
    const { resources: onIptables } = await record(program, { config: stackConfig(reversed) });
    const goesFirst = onIptables.map((one) => (one.type === installation ? { ...one, dependsOn: [] } : one));

    expect(broken({ resources: onIptables, settings: settings(reversed) })).toEqual([]);
    expect(broken({ resources: goesFirst, settings: settings(reversed) })).toContain(
      `${servedAlways}: ${installation} installation`,
    );
  });

  it("tell a kube-proxy that waits for what it is to make up for", async () => {
    const { resources: back } = await record(program, { config: stackConfig(reversed) });
    const operator = find(back, chart).urn;
    const waits = back.map((one) =>
      one.type === "aws:eks/addon:Addon" && one.name === "kube-proxy"
        ? { ...one, dependsOn: [...one.dependsOn, operator] }
        : one,
    );

    expect(broken({ resources: waits, settings: settings(reversed) })).toContain(
      `a kube-proxy that is to run waits for nothing that can be unhealthy: aws:eks/addon:Addon kube-proxy after ${chart} tigera-operator`,
    );
  });

  it("tell a kube-proxy that waits for what it is to make up for", async () => {
    const { resources: back } = await record(program, { config: stackConfig(reversed) });
    const operator = find(back, chart).urn;
    const waits = back.map((one) =>
      one.type === "aws:eks/addon:Addon" && one.name === "kube-proxy"
        ? { ...one, dependsOn: [...one.dependsOn, operator] }
        : one,
    );

    expect(broken({ resources: waits, settings: settings(reversed) })).toContain(
      `a kube-proxy that is to run waits for nothing that can be unhealthy: aws:eks/addon:Addon kube-proxy after ${chart} tigera-operator`,
    );
  });

  it.each<[string, () => Graph, string[]]>([
    [
      "a VPC CNI",
      () =>
        tampered("aws:eks/addon:Addon", "coredns", () => ({
          inputs: { tags: { ...wanted.tags }, addonName: "vpc-cni" },
        })),
      ["there is no VPC CNI: aws:eks/addon:Addon coredns"],
    ],
    [
      "a kube-proxy that the settings do not have",
      () => ({ resources, settings: { ...graph.settings, kubeProxy: "Absent" } }),
      [
        "there is no kube-proxy unless the settings have it: aws:eks/addon:Addon kube-proxy",
        "there is no kube-proxy unless the settings have it: kubernetes:apps/v1:DaemonSetPatch kube-proxy",
      ],
    ],
    [
      "bpfEnabled",
      () =>
        tampered(
          "kubernetes:crd.projectcalico.org/v1:FelixConfiguration",
          "felix-configuration",
          ({ inputs }) => ({
            inputs: { ...inputs, spec: { bpfEnabled: true } },
          }),
        ),
      [
        "FelixConfiguration has no bpfEnabled: kubernetes:crd.projectcalico.org/v1:FelixConfiguration felix-configuration",
      ],
    ],
    [
      "the CNI's policy",
      () =>
        tampered(
          "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
          "calico-ebpf-eks-dev-node-AmazonEKSWorkerNodePolicy",
          () => ({ inputs: { policyArn: "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy" } }),
        ),
      [
        "nothing has AmazonEKS_CNI_Policy: aws:iam/rolePolicyAttachment:RolePolicyAttachment calico-ebpf-eks-dev-node-AmazonEKSWorkerNodePolicy",
      ],
    ],
    [
      "everybody let in",
      () => {
        const [{ name = "" } = {}] = resources.filter(({ type }) => type === rule);
        return tampered(rule, name, ({ inputs }) => ({ inputs: { ...inputs, cidrIpv4: "0.0.0.0/0" } }));
      },
      [expect.stringMatching(/^nothing is open to everyone unless nodePorts.clients says so: /)],
    ],
    [
      "something in the cluster that outlives it",
      () => tampered("calico-ebpf-eks:index:Calico", "calico", () => ({ deletedWith: "" })),
      expect.arrayContaining([`what is in the cluster is deleted with it: ${chart} tigera-operator`]),
    ],
    [
      "an orphan",
      () => tampered("aws:ec2/vpc:Vpc", "calico-ebpf-eks-dev-network", () => ({ parent: "urn:stack" })),
      [
        "every resource but components and providers has a parent: aws:ec2/vpc:Vpc calico-ebpf-eks-dev-network",
      ],
    ],
    [
      "something without tags",
      () => tampered(nodeGroup, "calico-ebpf-eks-dev-default", () => ({ inputs: {} })),
      [`everything that AWS can tag has the stack's tags: ${nodeGroup} calico-ebpf-eks-dev-default`],
    ],
    [
      "the same URN twice",
      () => ({ ...graph, resources: [...resources, find(resources, "aws:ec2/vpc:Vpc")] }),
      [
        expect.stringMatching(
          /^no two resources have the same URN: urn:.*aws:ec2\/vpc:Vpc::calico-ebpf-eks-dev-network$/,
        ),
      ],
    ],
    ...["kubernetes:core/v1:ConfigMap", chart, installation].map(
      (needed): [string, () => Graph, string[]] => [
        `nodes that do not wait for ${needed}`,
        () => {
          const urn = urnOf(needed);
          return tampered(nodeGroup, "calico-ebpf-eks-dev-default", ({ dependsOn }) => ({
            dependsOn: dependsOn.filter((one) => one !== urn && !afterwards(needed).includes(one)),
          }));
        },
        [
          `a node group starts after all that its nodes need to become Ready: ${nodeGroup} calico-ebpf-eks-dev-default`,
        ],
      ],
    ),
    [
      "two resources that disagree about a field of one object",
      () =>
        tampered("kubernetes:operator.tigera.io/v1:InstallationPatch", "ready-gate", ({ inputs }) => ({
          inputs: { ...inputs, spec: { calicoNetwork: { linuxDataplane: "Iptables" } } },
        })),
      [
        "no two resources write different values into one field of an object: operator.tigera.io/v1/Installation /default .spec.calicoNetwork.linuxDataplane: installation, ready-gate",
      ],
    ],
    [
      "a gate that takes a slot before the nodes do",
      () =>
        tampered(
          "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch",
          "dataplane-gate",
          ({ dependsOn }) => ({ dependsOn: dependsOn.filter((one) => one !== urnOf(nodeGroup)) }),
        ),
      [
        "what waits for the operator or for nodes starts after every node group: kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch dataplane-gate",
      ],
    ],
    [
      "an Installation that waits for the operator",
      () =>
        tampered(installation, "installation", ({ dependsOn }) => ({
          dependsOn: [...dependsOn, urnOf(chart)],
        })),
      expect.arrayContaining([
        `Calico's objects do not wait for the operator: ${installation} installation after ${chart} tigera-operator`,
      ]),
    ],
    [
      "kube-proxy behind the ready gate",
      () =>
        tampered("aws:eks/addon:Addon", "kube-proxy", ({ dependsOn }) => ({
          dependsOn: [...dependsOn, urnOf("kubernetes:operator.tigera.io/v1:InstallationPatch")],
        })),
      expect.arrayContaining([
        "kube-proxy does not wait for the ready gate: aws:eks/addon:Addon kube-proxy after kubernetes:operator.tigera.io/v1:InstallationPatch ready-gate",
      ]),
    ],
    [
      "kube-proxy that goes before eBPF serves",
      () => tampered("aws:eks/addon:Addon", "kube-proxy", () => ({ dependsOn: [] })),
      [
        `${servedAlways}: aws:eks/addon:Addon kube-proxy`,
        `${servedAlways}: kubernetes:apps/v1:DaemonSetPatch kube-proxy`,
      ],
    ],
  ])("tell %s", (_name, changed, found) => {
    expect(broken(changed())).toEqual(found);
  });
});
