import { beforeEach, describe, expect, it } from "vitest";
import { loadBalancerProblem } from "../../../simulator/aws/loadBalancers.ts";
import { types } from "../../../simulator/aws/types.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { Account } from "./account.ts";

let account: Account;
let vpcId: string;

beforeEach(async () => {
  account = new Account();
  vpcId = await account.createId(types.vpc, "vpc", { cidrBlock: "10.0.0.0/16" });
});

const gateway = () => account.createId(types.internetGateway, "gateway", { vpcId });

const subnet = (zone: string, cidrBlock: string, tags: Values = { "kubernetes.io/role/elb": "1" }) =>
  account.createId(types.subnet, cidrBlock, { vpcId, availabilityZone: `eu-west-1${zone}`, cidrBlock, tags });

const problem = (kind: "application" | "network" = "application") =>
  loadBalancerProblem(account.aws, vpcId, kind);

describe("a public load balancer", () => {
  it("is made in tagged subnets of two zones", async () => {
    await gateway();
    for (const [zone, cidr] of [
      ["a", "10.0.0.0/27"],
      ["b", "10.0.0.32/27"],
    ] as const)
      await subnet(zone, cidr);

    expect(problem()).toBeUndefined();
  });

  it("is refused in one zone if it is an Application Load Balancer, not if it is a network one", async () => {
    await gateway();
    for (const cidr of ["10.0.0.0/27", "10.0.0.32/27"]) await subnet("a", cidr);

    expect(problem()).toBe(
      "ValidationError: At least two subnets in two different Availability Zones must be specified",
    );
    expect(problem("network")).toBeUndefined();
  });

  it("finds no subnet without the tag", async () => {
    await gateway();
    await subnet("a", "10.0.0.0/27", { "kubernetes.io/role/internal-elb": "1" });

    expect(problem("network")).toBe("couldn't auto-discover subnets: unable to resolve at least one subnet");
  });

  it("is refused in a subnet with fewer than eight free addresses", async () => {
    await gateway();
    const id = await subnet("a", "10.0.0.0/28");
    expect(problem("network")).toBeUndefined();
    // A /28 has eleven addresses for interfaces.
    const taken = ["10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.7"].map((privateIp) => ({
      inputs: { subnetId: id, privateIp },
    }));
    const ofType = (type: string) =>
      type === types.networkInterface ? (taken as never) : account.aws.ofType(type);

    expect(loadBalancerProblem({ ofType }, vpcId, "network")).toBe(
      `InvalidSubnet: Not enough IP space available in ${id}. ELB requires at least 8 free IP addresses in each subnet.`,
    );
  });

  it("is refused in a VPC without a way in from the internet", async () => {
    await subnet("a", "10.0.0.0/27");

    expect(problem("network")).toBe(`InvalidSubnet: VPC ${vpcId} has no internet gateway`);
  });
});
