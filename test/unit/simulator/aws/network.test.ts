import { beforeEach, describe, expect, it } from "vitest";
import { types } from "../../../simulator/aws/types.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { Account } from "./account.ts";

let account: Account;
let vpcId: string;

beforeEach(async () => {
  account = new Account();
  vpcId = await account.vpc();
});

describe("a VPC", () => {
  it("has an id and an ARN as AWS writes them", () => {
    expect(vpcId).toMatch(/^vpc-0[0-9a-f]{16}$/);
    expect(account.aws.find(types.vpc, vpcId)?.outputs).toMatchObject({
      arn: `arn:aws:ec2:eu-west-1:111122223333:vpc/${vpcId}`,
      ownerId: "111122223333",
    });
  });

  it.each(["127.0.0.0/16", "169.254.0.0/16", "224.0.0.0/16", "240.0.0.0/16", "0.0.0.0/16"])(
    "refuses %s, which no host can have",
    async (cidr) => {
      await expect(account.vpc("other", cidr)).rejects.toThrow(
        `InvalidVpc.Range: The CIDR '${cidr}' is invalid.`,
      );
    },
  );

  it("refuses a range that is larger than /16", async () => {
    await expect(account.vpc("large", "10.0.0.0/15")).rejects.toThrow(
      "InvalidVpc.Range: The CIDR '10.0.0.0/15' is invalid.",
    );
  });

  it("refuses a range with host bits before AWS is called", () => {
    expect(account.failures(types.vpc, { cidrBlock: "10.40.1.0/16" })).toEqual([
      `"cidrBlock" ("10.40.1.0/16") is not a valid IPv4 CIDR block`,
    ]);
  });

  it("stays while a subnet is in it", async () => {
    const subnetId = await account.subnet(vpcId, "a", "10.40.0.0/24");
    await expect(account.delete(types.vpc, vpcId)).rejects.toThrow(
      `DependencyViolation: The vpc '${vpcId}' has dependencies and cannot be deleted.`,
    );

    await account.delete(types.subnet, subnetId);
    await account.delete(types.vpc, vpcId);
    expect([...account.aws.objects.values()]).toEqual([]);
  });

  it("waits with its deletion for a subnet that is being deleted", async () => {
    const subnetId = await account.subnet(vpcId, "a", "10.40.0.0/24");
    await Promise.all([account.delete(types.vpc, vpcId), account.delete(types.subnet, subnetId)]);
    expect([...account.aws.objects.values()]).toEqual([]);
  });

  it("has a default security group without rules once the program has adopted it", async () => {
    expect(account.aws.ofType(types.ingressRule)).toHaveLength(1);
    const id = await account.createId(types.defaultSecurityGroup, "closed", { vpcId });

    expect(id).toBe(account.aws.find(types.vpc, vpcId)?.outputs["defaultSecurityGroupId"]);
    expect(account.aws.ofType(types.ingressRule)).toEqual([]);
    expect(account.aws.ofType(types.egressRule)).toEqual([]);
  });
});

describe("a subnet", () => {
  it("refuses a VPC that does not exist", async () => {
    await expect(account.subnet("vpc-0dead", "a", "10.40.0.0/24")).rejects.toThrow(
      "InvalidVpcID.NotFound: The vpc ID 'vpc-0dead' does not exist",
    );
  });

  it.each(["10.40.0.128/25", "10.40.0.0/24", "10.40.0.0/20"])(
    "refuses to overlap its sibling with %s",
    async (cidr) => {
      await account.subnet(vpcId, "a", "10.40.0.0/24");
      await expect(account.subnet(vpcId, "b", cidr)).rejects.toThrow(
        `InvalidSubnet.Conflict: The CIDR '${cidr}' conflicts with another subnet`,
      );
    },
  );

  it("may be adjacent to its sibling, and overlap a subnet of another VPC", async () => {
    const other = await account.vpc("other");
    await account.subnet(vpcId, "a", "10.40.0.0/24");
    await account.subnet(vpcId, "b", "10.40.1.0/24");
    await account.subnet(other, "c", "10.40.0.0/24");
    expect(account.aws.ofType(types.subnet)).toHaveLength(3);
  });

  it("refuses a range outside its VPC", async () => {
    await expect(account.subnet(vpcId, "a", "10.41.0.0/24")).rejects.toThrow(
      "InvalidSubnet.Range: The CIDR '10.41.0.0/24' is invalid.",
    );
  });

  it("refuses a zone that the region does not have", async () => {
    await expect(account.subnet(vpcId, "d", "10.40.0.0/24")).rejects.toThrow(
      "InvalidParameterValue: Value (eu-west-1d) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: eu-west-1a, eu-west-1b, eu-west-1c.",
    );
  });

  it("knows the id of its zone", async () => {
    const id = await account.subnet(vpcId, "b", "10.40.0.0/24");
    expect(account.aws.find(types.subnet, id)?.outputs["availabilityZoneId"]).toBe("euw1-az2");
  });
});

describe("a NAT gateway", () => {
  let inputs: Values;

  beforeEach(async () => {
    const subnetId = await account.subnet(vpcId, "a", "10.40.0.0/28");
    inputs = { subnetId, allocationId: await account.createId(types.eip, "nat", { domain: "vpc" }) };
  });

  it("refuses a VPC without an internet gateway", async () => {
    await expect(account.create(types.natGateway, "nat", inputs)).rejects.toThrow(
      `Gateway.NotAttached: Network ${vpcId} has no Internet gateway attached`,
    );
  });

  describe("behind an internet gateway", () => {
    let gatewayId: string;
    let natId: string;

    beforeEach(async () => {
      gatewayId = await account.createId(types.internetGateway, "internet", { vpcId });
      natId = await account.createId(types.natGateway, "nat", inputs);
    });

    it("takes the first address that AWS leaves, and its elastic one", () => {
      const { outputs } = account.aws.find(types.natGateway, natId) ?? {};
      expect(outputs).toMatchObject({ privateIp: "10.40.0.4" });
      expect(outputs?.["publicIp"]).toMatch(/^198\.51\.100\.\d+$/);
    });

    it("refuses an elastic address that another one has", async () => {
      await expect(account.create(types.natGateway, "second", inputs)).rejects.toThrow(
        `Resource.AlreadyAssociated: Elastic IP address [${inputs["allocationId"]}] is already associated`,
      );
    });

    it("keeps its subnet, its address and the internet gateway", async () => {
      await expect(account.delete(types.subnet, String(inputs["subnetId"]))).rejects.toThrow(
        "has dependencies and cannot be deleted",
      );
      await expect(account.delete(types.eip, String(inputs["allocationId"]))).rejects.toThrow(
        "AuthFailure: You do not have permission to access the specified resource.",
      );
      await expect(account.delete(types.internetGateway, gatewayId)).rejects.toThrow(
        `DependencyViolation: Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
      );
    });

    it("lets all of them go once it is gone", async () => {
      await account.delete(types.natGateway, natId);
      await account.delete(types.subnet, String(inputs["subnetId"]));
      await account.delete(types.eip, String(inputs["allocationId"]));
      await account.delete(types.internetGateway, gatewayId);
      await account.delete(types.vpc, vpcId);
      expect([...account.aws.objects.keys()]).toEqual([]);
    });
  });
});

describe("routes", () => {
  it("refuse a second route to the same place, and go with their table", async () => {
    const gatewayId = await account.createId(types.internetGateway, "internet", { vpcId });
    const routeTableId = await account.createId(types.routeTable, "public", { vpcId });
    const route = { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId };
    await account.create(types.route, "out", route);
    await expect(account.create(types.route, "again", route)).rejects.toThrow(
      "RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists.",
    );

    await account.delete(types.routeTable, routeTableId);
    expect(account.aws.ofType(types.route)).toEqual([]);
  });

  it("refuse a subnet in two tables", async () => {
    const subnetId = await account.subnet(vpcId, "a", "10.40.0.0/24");
    const routeTableId = await account.createId(types.routeTable, "one", { vpcId });
    await account.create(types.routeTableAssociation, "one", { subnetId, routeTableId });
    await expect(
      account.create(types.routeTableAssociation, "two", { subnetId, routeTableId }),
    ).rejects.toThrow("Resource.AlreadyAssociated");
  });
});

describe("a range that is added to a VPC", () => {
  const add = (cidrBlock: string) =>
    account.createId(types.vpcCidrAssociation, cidrBlock, { vpcId, cidrBlock });

  it("is reported with the first, and accepts subnets until it is removed", async () => {
    const id = await add("100.64.0.0/16");
    expect(await account.aws.invoke("aws:ec2/getVpc:getVpc", { id: vpcId })).toMatchObject({
      cidrBlock: "10.40.0.0/16",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      cidrBlockAssociations: [
        { cidrBlock: "10.40.0.0/16", state: "associated" },
        { associationId: id, cidrBlock: "100.64.0.0/16", state: "associated" },
      ],
    });
    await account.subnet(vpcId, "a", "100.64.0.0/20");

    await account.delete(types.vpcCidrAssociation, id);
    await expect(account.subnet(vpcId, "b", "100.64.16.0/20")).rejects.toThrow("InvalidSubnet.Range");
  });

  it.each(["10.40.128.0/17", "10.40.0.0/16"])("does not overlap the first, as %s does", async (cidr) => {
    await expect(add(cidr)).rejects.toThrow("overlaps with pre-existing CIDR block in the same VPC");
  });
});

describe("an endpoint", () => {
  const service = (name: string) => `com.amazonaws.eu-west-1.${name}`;

  it("of the Gateway type is for S3 and DynamoDB only", async () => {
    const gateway = { vpcId, vpcEndpointType: "Gateway" };
    await account.create(types.vpcEndpoint, "s3", { ...gateway, serviceName: service("s3") });
    await expect(
      account.create(types.vpcEndpoint, "ec2", { ...gateway, serviceName: service("ec2") }),
    ).rejects.toThrow("Endpoint type (Gateway) does not match available service types ([Interface]).");
  });

  it("of the Interface type has an address in each of its subnets, which keeps the subnet", async () => {
    const subnetId = await account.subnet(vpcId, "a", "10.40.0.0/24");
    const id = await account.createId(types.vpcEndpoint, "ec2", {
      vpcId,
      vpcEndpointType: "Interface",
      serviceName: service("ec2"),
      subnetIds: [subnetId],
      privateDnsEnabled: true,
    });
    expect(account.aws.ofType(types.networkInterface).map(({ inputs }) => inputs["subnetId"])).toEqual([
      subnetId,
    ]);
    await expect(account.delete(types.subnet, subnetId)).rejects.toThrow("DependencyViolation");

    await account.delete(types.vpcEndpoint, id);
    await account.delete(types.subnet, subnetId);
    expect(account.aws.ofType(types.networkInterface)).toEqual([]);
  });

  it.each(["ec2messages", "no-such-service"])(
    "refuses %s, which no region offers any more or ever",
    async (name) => {
      const subnetId = await account.subnet(vpcId, "a", "10.40.0.0/24");
      const inputs = { vpcId, vpcEndpointType: "Interface", subnetIds: [subnetId] };
      await expect(
        account.create(types.vpcEndpoint, name, { ...inputs, serviceName: service(name) }),
      ).rejects.toThrow(`InvalidServiceName: The Vpc Endpoint Service '${service(name)}' does not exist`);
      await account.create(types.vpcEndpoint, "ssm", { ...inputs, serviceName: service("ssmmessages") });
      await expect(
        account.create(types.vpcEndpoint, "db", { ...inputs, serviceName: service("dynamodb") }),
      ).rejects.toThrow("Endpoint type (Interface) does not match available service types ([Gateway]).");
    },
  );

  it("refuses a service of another region", async () => {
    await expect(
      account.create(types.vpcEndpoint, "s3", { vpcId, serviceName: "com.amazonaws.us-east-1.s3" }),
    ).rejects.toThrow(
      "InvalidServiceName: The Vpc Endpoint Service 'com.amazonaws.us-east-1.s3' does not exist",
    );
  });
});
