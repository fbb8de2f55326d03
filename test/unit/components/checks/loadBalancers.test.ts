import { describe, expect, it } from "vitest";
import { loadBalancerProblems, loadBalancerSubnetProblems } from "../../../../components/checks/addons.ts";
import { hostPortProblems } from "../../../../components/checks/nodeFirewall.ts";
import type { Surroundings } from "../../../../components/settings/settings.ts";
import { controlPlanePorts } from "../../../../components/specs/firewall.ts";
import { problemLine } from "../../../../components/values/problem.ts";
import { settings } from "../../../support/settings.ts";

const existing = {
  vpcId: "vpc-0a1b2c3d4e5f67890",
  controlPlaneSubnetIds: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
  nodeSubnetIds: ["subnet-0000000000000000c"],
};
const inExisting = settings({ loadBalancers: true, network: { existing } });

function found(...zones: string[]): Pick<Surroundings, "existing"> {
  const loadBalancerSubnets = zones.map((zone, index) => ({
    id: `subnet-${index}`,
    vpcId: existing.vpcId,
    zone,
    zoneId: zone,
    cidr: `10.40.${index}.0/24`,
  }));
  return {
    existing: {
      vpcCidr: "10.40.0.0/16",
      secondaryCidrs: [],
      dnsSupport: true,
      dnsHostnames: true,
      controlPlaneSubnets: [],
      nodeSubnets: [],
      loadBalancerSubnets,
    },
  };
}

describe("loadBalancers", () => {
  it.each([
    [
      [],
      "loadBalancers: vpc-0a1b2c3d4e5f67890 has no subnet with the tag kubernetes.io/role/elb; a public load balancer needs subnets in two zones. Tag a public subnet in each of two zones with kubernetes.io/role/elb=1, or set loadBalancers: false.",
    ],
    [
      ["eu-west-1a", "eu-west-1a"],
      "loadBalancers: the subnets of vpc-0a1b2c3d4e5f67890 with the tag kubernetes.io/role/elb are all in eu-west-1a; a public load balancer needs subnets in two zones. Tag a public subnet in each of two zones with kubernetes.io/role/elb=1, or set loadBalancers: false.",
    ],
  ])("refuse an existing network with public subnets in %j", (zones, line) => {
    expect(loadBalancerSubnetProblems(inExisting, found(...zones)).map(problemLine)).toEqual([line]);
  });

  it("take an existing network with public subnets in two zones, and any when they are off", () => {
    expect(loadBalancerSubnetProblems(inExisting, found("eu-west-1a", "eu-west-1b"))).toEqual([]);
    expect(loadBalancerSubnetProblems(settings({ network: { existing } }), found())).toEqual([]);
  });

  it("refuse a network without a NAT gateway, through which the controller reaches AWS", () => {
    const closed = { natGateway: "None" } as const;

    expect(loadBalancerProblems(settings({ loadBalancers: true, network: closed })).map(problemLine)).toEqual(
      [
        "loadBalancers: the load balancer controller must reach public.ecr.aws and the API of Elastic Load Balancing; network.natGateway is None, so nodes cannot reach them. Set network.natGateway: Single, or loadBalancers: false.",
      ],
    );
    expect(loadBalancerProblems(settings({ network: closed }))).toEqual([]);
    expect(loadBalancerProblems(settings({ loadBalancers: true }))).toEqual([]);
  });

  it("open the controller's webhook to the control plane, and take its port on the nodes", () => {
    const on = settings({ loadBalancers: true });

    expect(controlPlanePorts(on).map(({ port }) => port)).toEqual([9443]);
    expect(controlPlanePorts(settings())).toEqual([]);
    expect(
      hostPortProblems(settings({ loadBalancers: true, calico: { metricsPort: 9443 } })).map(problemLine),
    ).toEqual([
      "loadBalancers: port 9443 is taken by Felix's metrics (calico.metricsPort); they share the node's network. Set another port there, or loadBalancers: false.",
    ]);
    expect(hostPortProblems(on)).toEqual([]);
  });

  it.each([
    [{ loadBalancers: true }, 8080, "the metrics of the load balancer controller (loadBalancers)"],
    [{ loadBalancers: true }, 9443, "the webhook of the load balancer controller (loadBalancers)"],
    [{ loadBalancers: true }, 61_779, "the health check of the load balancer controller (loadBalancers)"],
    [{ metrics: true }, 4443, "metrics-server (metrics)"],
  ])("and metrics-server keep their ports on the nodes for themselves: %j, %d", (on, port, what) => {
    const observability = { typhaMetricsPort: port };

    expect(hostPortProblems(settings({ ...on, observability })).map(problemLine)).toEqual([
      `observability.typhaMetricsPort: port ${port} is taken by ${what}; they share the node's network. Set another port, or null.`,
    ]);
    expect(hostPortProblems(settings({ observability }))).toEqual([]);
  });
});
