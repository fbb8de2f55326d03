import { describe, expect, it } from "vitest";
import { dependenciesOf, find, registered, untagged } from "../../support/graph.ts";
import { networkArgs, recordNetwork } from "../../support/networkArgs.ts";
import { labels, resolved } from "../../support/outputs.ts";

describe("Network with a NAT gateway per zone", async () => {
  const second = { zone: "eu-west-1b", cidr: "10.40.16.0/20" };
  const third = { zone: "eu-west-1c", cidr: "10.40.32.0/20" };
  const nodeSubnets = [...networkArgs.subnets.nodeSubnets, second, third];
  const natSubnets = [
    ...networkArgs.subnets.natSubnets,
    { zone: "eu-west-1b", cidr: "10.40.255.192/28" },
    { zone: "eu-west-1c", cidr: "10.40.255.112/28" },
  ];
  const single = await recordNetwork({ subnets: { ...networkArgs.subnets, nodeSubnets } });
  const { resources: found, result: made } = await recordNetwork({
    subnets: { ...networkArgs.subnets, nodeSubnets, natSubnets },
  });
  const inputsOf = (type: string, name: string) => find(found, type, name).inputs;

  it("adds a gateway with its address, subnet and route table for each further zone", () => {
    const added = registered(found).filter((one) => !registered(single.resources).includes(one));

    expect(added).toEqual(
      ["eu-west-1b", "eu-west-1c"]
        .flatMap((zone) => [
          `aws:ec2/eip:Eip dev-${zone}`,
          `aws:ec2/natGateway:NatGateway dev-${zone}`,
          `aws:ec2/route:Route dev-node-${zone}`,
          `aws:ec2/routeTable:RouteTable dev-node-${zone}`,
          `aws:ec2/routeTableAssociation:RouteTableAssociation dev-public-${zone}`,
          `aws:ec2/subnet:Subnet dev-public-${zone}`,
        ])
        .toSorted(),
    );
    expect(found).toHaveLength(single.resources.length + added.length);
    expect(untagged(found, networkArgs.tags)).toEqual([]);
  });

  it("sends each zone through the gateway in that zone", () => {
    expect(inputsOf("aws:ec2/natGateway:NatGateway", "dev-eu-west-1c")).toEqual({
      allocationId: "dev-eu-west-1c-allocation",
      subnetId: "dev-public-eu-west-1c-id",
      tags: { team: "net", Name: "dev-nat-eu-west-1c" },
    });
    expect(inputsOf("aws:ec2/route:Route", "dev-node-eu-west-1c")).toEqual({
      routeTableId: "dev-node-eu-west-1c-id",
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: "dev-eu-west-1c-id",
    });
    expect(
      ["a", "b", "c"].map((zone) =>
        inputsOf("aws:ec2/routeTableAssociation:RouteTableAssociation", `dev-node-eu-west-1${zone}`),
      ),
    ).toEqual([
      { subnetId: "dev-node-eu-west-1a-id", routeTableId: "dev-node-id" },
      { subnetId: "dev-node-eu-west-1b-id", routeTableId: "dev-node-eu-west-1b-id" },
      { subnetId: "dev-node-eu-west-1c-id", routeTableId: "dev-node-eu-west-1c-id" },
    ]);
  });

  it("reaches S3 from every route table", () => {
    expect(inputsOf("aws:ec2/vpcEndpoint:VpcEndpoint", "dev-s3")["routeTableIds"]).toEqual([
      "dev-node-id",
      "dev-node-eu-west-1b-id",
      "dev-node-eu-west-1c-id",
    ]);
  });

  it("moves a zone to its own table only once that leads out, and nodes wait for all of it", async () => {
    const type = "aws:ec2/routeTableAssociation:RouteTableAssociation";

    expect(dependenciesOf(found, find(found, type, "dev-node-eu-west-1b"))).toContain(
      "aws:ec2/route:Route dev-node-eu-west-1b",
    );
    expect(dependenciesOf(found, find(found, type, "dev-node-eu-west-1a"))).not.toContain(
      "aws:ec2/route:Route dev-node",
    );
    expect(await labels(made.wayOut)).toEqual(
      expect.arrayContaining(["aws:ec2/route:Route dev-node", "aws:ec2/route:Route dev-node-eu-west-1c"]),
    );
  });
});

describe("Network with load balancers", async () => {
  const loadBalancerSubnets = [
    { zone: "eu-west-1a", cidr: "10.40.255.160/27" },
    { zone: "eu-west-1b", cidr: "10.40.255.128/27" },
  ];
  const without = await recordNetwork();
  const { resources: found, result } = await recordNetwork({
    subnets: { ...networkArgs.subnets, loadBalancerSubnets },
  });

  it("adds a public subnet in each of two zones, and nothing else", () => {
    expect(registered(found).filter((one) => !registered(without.resources).includes(one))).toEqual([
      "aws:ec2/routeTableAssociation:RouteTableAssociation dev-load-balancer-eu-west-1a",
      "aws:ec2/routeTableAssociation:RouteTableAssociation dev-load-balancer-eu-west-1b",
      "aws:ec2/subnet:Subnet dev-load-balancer-eu-west-1a",
      "aws:ec2/subnet:Subnet dev-load-balancer-eu-west-1b",
    ]);
    expect(found).toHaveLength(without.resources.length + 4);
  });

  it("tags them and the node subnet by what load balancers may do there", () => {
    const tagsOf = (name: string) => find(found, "aws:ec2/subnet:Subnet", name).inputs["tags"];

    expect(tagsOf("dev-load-balancer-eu-west-1b")).toEqual({
      team: "net",
      Name: "dev-load-balancer-eu-west-1b",
      "kubernetes.io/role/elb": "1",
    });
    expect(tagsOf("dev-node-eu-west-1a")).toEqual({
      team: "net",
      Name: "dev-node-eu-west-1a",
      "kubernetes.io/role/internal-elb": "1",
    });
    expect(tagsOf("dev-public-eu-west-1a")).toEqual({ team: "net", Name: "dev-public-eu-west-1a" });
  });

  it("routes them straight to the internet, and hands all public subnets out", async () => {
    const type = "aws:ec2/routeTableAssociation:RouteTableAssociation";

    expect(find(found, type, "dev-load-balancer-eu-west-1b").inputs).toEqual({
      subnetId: "dev-load-balancer-eu-west-1b-id",
      routeTableId: "dev-public-id",
    });
    expect(await resolved(result.publicSubnetIds)).toEqual([
      "dev-public-eu-west-1a-id",
      "dev-load-balancer-eu-west-1a-id",
      "dev-load-balancer-eu-west-1b-id",
    ]);
  });
});
