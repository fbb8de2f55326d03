import { describe, expect, it } from "vitest";
import { felixSpec } from "../../../../components/specs/calico.ts";
import {
  controllerStatements,
  controllerValues,
  withoutDsrForLoadBalancers,
} from "../../../../components/specs/charts.ts";
import { blockFromEnd, within } from "../../../../components/values/cidr.ts";
import { settings } from "../../../support/settings.ts";

describe("The load balancer controller's chart", () => {
  it("runs on the host network at the port that the firewall opens, with nodes as targets", () => {
    const values = controllerValues(settings({ tags: { team: "net" } }), "vpc-1");

    expect(values).toEqual({
      clusterName: "calico-ebpf-eks-dev",
      region: "eu-west-1",
      vpcId: "vpc-1",
      hostNetwork: true,
      dnsPolicy: "Default",
      webhookBindPort: 9443,
      replicaCount: 2,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      defaultTargetType: "instance",
      keepTLSSecret: true,
      serviceMutatorWebhookConfig: {
        namespaceSelectors: [
          {
            key: "kubernetes.io/metadata.name",
            operator: "NotIn",
            values: ["calico-system", "kube-system", "tigera-operator"],
          },
        ],
      },
      enableShield: false,
      enableWaf: false,
      enableWafv2: false,
      defaultTags: { team: "net" },
    });
  });

  it("has one pod on a single node, whose port a second pod could not have", () => {
    const one = settings({ nodePools: { default: { size: { min: 1, desired: 1, max: 2 } } } });

    expect(controllerValues(one, "vpc-1").replicaCount).toBe(1);
  });

  it("counts only the nodes whose taints it tolerates", () => {
    const taints = [{ key: "gpu", effect: "NoSchedule" }] as const;
    const size = { min: 1, desired: 1, max: 2 };
    const pools = (effect: "NoSchedule" | "PreferNoSchedule") =>
      settings({ nodePools: { a: { size }, b: { taints: [{ ...taints[0], effect }] } } });

    expect(controllerValues(pools("NoSchedule"), "vpc-1").replicaCount).toBe(1);
    expect(controllerValues(pools("PreferNoSchedule"), "vpc-1").replicaCount).toBe(2);
  });

  it("takes its image from the stack's mirror", () => {
    const mirrored = settings({ charts: { registry: "registry.example.com" } });

    expect(controllerValues(mirrored, "vpc-1").image).toEqual({
      repository: "registry.example.com/eks/aws-load-balancer-controller",
    });
  });
});

describe("The load balancer controller's role", () => {
  const statements = controllerStatements(settings(), "111122223333");
  const changing = statements.filter(({ actions }) =>
    actions.some((action) => !/:(Describe|Get|List)/.test(action)),
  );

  it("changes nothing outside this account and region", () => {
    const resources = changing.flatMap((one) => one.resources);

    expect(
      resources.filter(
        (arn) => !/^arn:aws:(ec2|elasticloadbalancing):eu-west-1:111122223333:|^arn:aws:iam::/.test(arn),
      ),
    ).toEqual([]);
  });

  it("changes only what carries the cluster's name, apart from the VPC that groups are created in", () => {
    const free = changing.filter(({ conditions }) => Object.keys(conditions).length === 0);

    expect(free.map(({ actions, resources }) => [actions, resources])).toEqual([
      [["ec2:CreateSecurityGroup"], ["arn:aws:ec2:eu-west-1:111122223333:vpc/*"]],
    ]);
    expect(
      changing.find(({ actions }) => actions.includes("elasticloadbalancing:DeleteLoadBalancer")),
    ).toMatchObject({
      conditions: {
        StringEquals: { "aws:ResourceTag/elbv2.k8s.aws/cluster": ["calico-ebpf-eks-dev"] },
      },
    });
  });

  it("changes the rules of the nodes' security group, and not its tags or its end", () => {
    const nodes = changing.filter(({ conditions }) =>
      JSON.stringify(conditions).includes("kubernetes.io/cluster/calico-ebpf-eks-dev"),
    );

    expect(nodes.map(({ actions }) => actions)).toEqual([
      ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
    ]);
  });

  const granted = new Set(statements.flatMap(({ actions }) => actions));

  it.each([
    [
      "CreateLoadBalancer",
      [
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAddresses",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
        "iam:CreateServiceLinkedRole",
      ],
    ],
    [
      "CreateTargetGroup",
      ["ec2:DescribeInternetGateways", "ec2:DescribeVpcs", "iam:CreateServiceLinkedRole"],
    ],
    [
      "RegisterTargets",
      ["ec2:DescribeInstances", "ec2:DescribeInternetGateways", "ec2:DescribeSubnets", "ec2:DescribeVpcs"],
    ],
    ["SetIpAddressType", ["ec2:DescribeSubnets"]],
    ["SetSubnets", ["ec2:DescribeSubnets"]],
  ])("includes what Elastic Load Balancing calls in its name for %s", (call, actions) => {
    expect(granted).toContain(`elasticloadbalancing:${call}`);
    expect(actions.filter((action) => !granted.has(action))).toEqual([]);
  });

  it("adds single tags to whatever it may remove them from: a change of tags sends no others", () => {
    const owned = (action: string) =>
      statements
        .filter(
          ({ actions, conditions }) =>
            actions.includes(action) && JSON.stringify(conditions).includes("aws:ResourceTag/elbv2"),
        )
        .flatMap(({ resources }) => resources);

    expect(owned("elasticloadbalancing:AddTags")).toEqual(owned("elasticloadbalancing:RemoveTags"));
    expect(owned("ec2:CreateTags")).toEqual(owned("ec2:DeleteTags"));
    expect(owned("elasticloadbalancing:AddTags")).toHaveLength(9);
  });

  it("fits into an inline policy", () => {
    expect(JSON.stringify(statements).length).toBeLessThan(10_240);
  });
});

describe("DSR and load balancers", () => {
  const optOuts = (...args: Parameters<typeof withoutDsrForLoadBalancers>) =>
    felixSpec(withoutDsrForLoadBalancers(...args)).bpfDSROptoutCIDRs;
  const none = { existing: undefined };

  it("leaves the load balancers' subnets out of DSR, after the stack's own ranges", () => {
    const balanced = settings({ loadBalancers: true, calico: { dsrOptOutCidrs: ["198.18.0.0/24"] } });

    expect(optOuts(balanced, none)).toEqual(["198.18.0.0/24", "10.40.255.128/26"]);
    expect(within(blockFromEnd("10.40.0.0/16", 27, 2), "10.40.255.128/26")).toBe(true);
  });

  it("takes the subnets of an existing network as they are tagged", () => {
    const existing = {
      vpcId: "vpc-0a1b2c3d4e5f67890",
      controlPlaneSubnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
      nodeSubnetIds: ["subnet-0000000000000000c"],
    };
    const tagged = { id: "subnet-d", vpcId: existing.vpcId, zone: "eu-west-1a", zoneId: "euw1-az1" };
    const found = {
      vpcCidr: "10.40.0.0/16",
      secondaryCidrs: [],
      dnsSupport: true,
      dnsHostnames: true,
      controlPlaneSubnets: [],
      nodeSubnets: [],
      loadBalancerSubnets: [{ ...tagged, cidr: "10.40.16.0/24" }],
    };

    expect(optOuts(settings({ loadBalancers: true, network: { existing } }), { existing: found })).toEqual([
      "10.40.16.0/24",
    ]);
  });

  it.each([
    ["without load balancers", { loadBalancers: false }],
    ["with Tunnel", { loadBalancers: true, calico: { externalService: "Tunnel" } }],
  ] as const)("changes no setting %s", (_, changes) => {
    const same = settings(changes);

    expect(withoutDsrForLoadBalancers(same, none)).toBe(same);
  });
});
