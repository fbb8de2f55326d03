import { describe, expect, it } from "vitest";
import { vpcCniAdvice } from "../../../../components/checks/vpcCni.ts";
import { settingsLines, surroundingsLines } from "../../../support/lines.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

const calico = { cni: "AmazonVPC" } as const;

const pool = (change: NonNullable<SettingsChange["nodePools"]>[string]): SettingsChange => ({
  calico,
  nodePools: { default: change },
});

describe("nodes whose pods have addresses of the VPC", () => {
  it.each<[string, SettingsChange, string[]]>([
    [
      "more pods than the first interface of a medium node holds",
      pool({ architecture: "arm64", instanceTypes: ["m7g.large", "m7g.medium"] }),
      [
        "nodePools.default.maxPods: the first network interface of m7g.medium has addresses for 50 pods, and maxPods is 110; calico.cni is AmazonVPC, with which every pod has an address of that interface. Set maxPods: 50, or use larger instance types.",
      ],
    ],
    [
      "more pods than that of the smallest",
      pool({ instanceTypes: ["t3.micro", "t3.small"], maxPods: 50 }),
      [
        "nodePools.default.maxPods: the first network interface of t3.micro has addresses for 18 pods, and maxPods is 50; calico.cni is AmazonVPC, with which every pod has an address of that interface. Set maxPods: 18, or use larger instance types.",
      ],
    ],
    [
      "instances that take no prefixes",
      pool({ instanceTypes: ["m5.large", "m4.large"] }),
      [
        "nodePools.default.instanceTypes[1]: m4.large is not built on Nitro; calico.cni is AmazonVPC, which takes addresses in prefixes that only Nitro instances have. Use a newer generation.",
      ],
    ],
    [
      "a subnet that holds the nodes but not their pods",
      { calico, network: { nodePrefix: 23 } },
      [
        "network.nodePrefix: 1 node subnet (/23) can hold 3 nodes with 9 blocks of 16 addresses each, whole ones for its pods and the one that its own address breaks; the pools may have 6 during updates: max, plus one in 3. Set nodePrefix: 22, or lower the pools' max.",
      ],
    ],
  ])("are refused with %s", (_what, changes, lines) => {
    expect(settingsLines(changes)).toEqual(lines);
  });

  it.each<[string, SettingsChange]>([
    ["what a medium node holds", pool({ instanceTypes: ["t3.medium"], maxPods: 82 })],
    ["250 pods on a large one", pool({ instanceTypes: ["m7i.8xlarge"], maxPods: 250 })],
    ["bare metal of an older family", pool({ instanceTypes: ["i3.metal"] })],
    ["a subnet that holds both", { calico, network: { nodePrefix: 22 } }],
  ])("may have %s", (_what, changes) => {
    expect(settingsLines(changes)).toEqual([]);
  });

  it("limit nothing where Calico gives the addresses", () => {
    const nodePools = { default: { instanceTypes: ["m4.large", "t3.micro"] } };

    expect(settingsLines({ nodePools, network: { nodePrefix: 28 } })).toEqual([]);
  });
});

/**
 * Addresses of one interface, as EC2 has them for types of each kind: the smallest, those below their size, and the least among
 * the others of a size. Source: aws/amazon-vpc-cni-k8s v1.22.4 pkg/vpc/vpc_ip_resource_limit.go.
 */
const addressesOfInterface: Readonly<Record<string, number>> = {
  "t3.nano": 2,
  "t4g.nano": 2,
  "t3a.micro": 2,
  "t3.small": 4,
  "t3a.small": 4,
  "m7g.medium": 4,
  "m7a.medium": 4,
  "c6gd.medium": 4,
  "t3.medium": 6,
  "t4g.medium": 6,
  "m7i.large": 10,
  "m5.large": 10,
  "m7g.large": 10,
  "t3.large": 12,
  "m8i.large": 20,
  "d3.xlarge": 3,
  "d3en.xlarge": 3,
  "g4dn.xlarge": 10,
  "inf1.xlarge": 10,
  "m7i.xlarge": 15,
  "d3.2xlarge": 5,
  "d3en.2xlarge": 5,
  "g4dn.2xlarge": 10,
  "inf1.2xlarge": 10,
  "m7i.2xlarge": 15,
  "trn2.3xlarge": 15,
  "d3.4xlarge": 10,
  "d3en.4xlarge": 10,
  "g4dn.4xlarge": 10,
  "d3en.6xlarge": 15,
  "d3.8xlarge": 20,
  "g4dn.8xlarge": 15,
  "m7i.8xlarge": 30,
  "g4dn.16xlarge": 15,
  "g5.16xlarge": 30,
  "m7i.16xlarge": 50,
  "m5.metal": 50,
};

describe("the pods of a node", () => {
  const rows = Object.entries(addressesOfInterface).map(([type, addresses]) => ({ type, addresses }));

  /** The most pods that a pool of this type may have. */
  function mostAccepted(type: string, others: SettingsChange): number {
    const architecture = /^[a-z]+\d+g/.test(type) ? ("arm64" as const) : ("x86_64" as const);
    const most = Array.from({ length: 247 }, (_, index) => 250 - index).find((maxPods) => {
      const nodePools = { default: { architecture, instanceTypes: [type], maxPods } };
      return settingsLines({ network: { nodePrefix: 18 }, ...others, nodePools }).length === 0;
    });
    return most ?? 0;
  }

  // 16 addresses in the place of each of the interface's own but the first, and two pods with the node's.
  it.each(rows)("all fit on the first interface of $type, and no fewer are let in", ({ type, addresses }) => {
    const onOneInterface = 16 * (addresses - 1) + 2;

    expect(mostAccepted(type, { calico })).toBe(Math.min(onOneInterface, mostAccepted(type, {})));
  });
});

describe("the ports of a node", () => {
  it("include those of the AWS VPC CNI where it is", () => {
    expect(settingsLines({ calico: { ...calico, metricsPort: 61678 } })).toEqual([
      "calico.metricsPort: port 61678 is taken by the metrics of the AWS VPC CNI; they share the node's network. Set another port, or null.",
    ]);
    expect(settingsLines({ calico: { metricsPort: 61678 } })).toEqual([]);
  });
});

describe("the version of the AWS VPC CNI", () => {
  const lines = (version: string, addons: SettingsChange["addons"] = {}) =>
    surroundingsLines(
      { calico, addons },
      { otherAddonVersions: { "vpc-cni": version, "eks-pod-identity-agent": "v1.3.4-eksbuild.1" } },
    );

  it("is refused where it drops the packets of Calico's eBPF, as EKS's default", () => {
    expect(lines("v1.23.0-eksbuild.1")).toEqual([
      "addons.vpc-cni: EKS's default of the AWS VPC CNI, 1.23.0, is known to be bad: its nftables rules wipe the mark of Calico's packets, which are then dropped (aws/amazon-vpc-cni-k8s#3872); no release up to 1.23.2 has the fix, and 1.22.4 works. Set addons.vpc-cni.version to a 1.22 version that `aws eks describe-addon-versions --addon-name vpc-cni --kubernetes-version 1.35` lists.",
    ]);
  });

  it.each(["1.23.0", "1.23.1", "1.23.2"])(
    "is refused where it drops the packets of Calico's eBPF, as the stack's choice of %s",
    (version) => {
      expect(lines("v1.22.4-eksbuild.1", { "vpc-cni": { version: `v${version}-eksbuild.2` } })).toEqual([
        `addons.vpc-cni.version: the AWS VPC CNI ${version} is known to be bad: its nftables rules wipe the mark of Calico's packets, which are then dropped (aws/amazon-vpc-cni-k8s#3872); no release up to 1.23.2 has the fix, and 1.22.4 works. Set addons.vpc-cni.version to a 1.22 version that \`aws eks describe-addon-versions --addon-name vpc-cni --kubernetes-version 1.35\` lists.`,
      ]);
    },
  );

  it("is the stack's own where EKS's default is bad", () => {
    expect(lines("v1.23.0-eksbuild.1", { "vpc-cni": { version: "v1.22.4-eksbuild.1" } })).toEqual([]);
    expect(lines("v1.22.4-eksbuild.1")).toEqual([]);
  });

  it.each<[string, number]>([
    ["v1.23.3-eksbuild.1", 1],
    ["v1.23.2-eksbuild.1", 0],
    ["v1.22.4-eksbuild.1", 0],
  ])("%s is worth a warning %d times", (version, count) => {
    expect(vpcCniAdvice(settings({ calico }), { otherAddonVersions: { "vpc-cni": version } })).toHaveLength(
      count,
    );
    expect(vpcCniAdvice(settings(), { otherAddonVersions: { "vpc-cni": version } })).toEqual([]);
  });

  it("is all that a stack may set of the add-on", () => {
    const addons = {
      "vpc-cni": { configuration: { env: { MAX_ENI: "2" } }, version: "v1.22.4-eksbuild.1" },
    };

    expect(settingsLines({ calico, addons })).toEqual([
      "addons.vpc-cni.configuration: this program configures the AWS VPC CNI itself, as Calico needs it; calico.cni is AmazonVPC. Remove it; only version may be set.",
    ]);
    expect(settingsLines({ calico, addons: { "vpc-cni": { version: "v1.22.4-eksbuild.1" } } })).toEqual([]);
  });
});

describe("a Calico release that is bad with the AWS VPC CNI", () => {
  it("is refused with it, and sound without", () => {
    expect(settingsLines({ calico: { ...calico, version: "3.32.1" } })).toEqual([
      "calico.version: Calico 3.32.1 is known to be bad: ordinary pod egress carries the service connmark, which breaks traffic between nodes on kernels from 6.10 on (projectcalico/calico#13256); 3.32.2 is the first release without it. Set version: 3.32.2.",
    ]);
    expect(settingsLines({ calico: { version: "3.32.1" } })).toEqual([]);
  });
});
