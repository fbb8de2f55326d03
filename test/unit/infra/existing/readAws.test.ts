import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readAws } from "../../../../infra/existing/readAws.ts";
import { Reading } from "../../../../infra/existing/unread.ts";
import {
  type Ec2Endpoint,
  type Ec2Options,
  openAmongNodes,
  startEc2,
} from "../../../simulator/existing/ec2Endpoint.ts";
import { instancesOf } from "../../../simulator/existing/instances.ts";
import { existingSettings, node } from "../../../support/existing.ts";

let endpoint: Ec2Endpoint | undefined;

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
});

afterEach(() => endpoint?.stop());

async function read(options: Ec2Options, region = "eu-west-1") {
  endpoint = await startEc2(options);
  vi.stubEnv("AWS_ENDPOINT_URL_EC2", endpoint.url);
  const nodes = options.instances.map(({ id, nodeName }) =>
    node(nodeName, { instanceId: id, region: "eu-west-1" }),
  );
  const reading = new Reading();
  const found = await readAws({ ...existingSettings(), region }, nodes, reading);
  return { found, unread: reading.sorted(), actions: endpoint.actions };
}

describe("what EC2 says of nodes", () => {
  it("is each one's interface, and the rules of its security groups", async () => {
    const instances = [...instancesOf(1, { sourceDestCheck: true }), ...instancesOf(2).slice(1)];
    const out = { ...openAmongNodes, isEgress: true };
    const ports = { ...openAmongNodes, protocol: "udp", fromPort: 4789, toPort: 4790 };
    const { found, unread } = await read({ instances, rules: [out, openAmongNodes, ports] });

    expect(unread).toEqual([]);
    expect(found?.interfaces).toEqual(
      instances.map(
        ({ networkInterfaceId, nodeName, subnetId, privateIp, sourceDestCheck, securityGroupIds }) => ({
          id: networkInterfaceId,
          nodeName,
          isPrimary: true,
          subnetId,
          privateIp,
          sourceDestCheck,
          securityGroupIds,
        }),
      ),
    );
    expect(found?.rules).toEqual([
      { ...openAmongNodes, sourceCidr: undefined },
      { ...ports, sourceCidr: undefined },
    ]);
  });

  it("takes the check to be on where EC2 does not say, and a rule without ports for one of all", async () => {
    const udp = { ...openAmongNodes, protocol: "udp", fromPort: 4789, toPort: 4789 };
    const { found } = await read({
      instances: instancesOf(1, { sourceDestCheck: false }),
      rules: [udp],
      isTerse: true,
    });

    expect(found?.interfaces.map(({ sourceDestCheck }) => sourceDestCheck)).toEqual([true]);
    expect(found?.rules).toEqual([{ ...udp, fromPort: -1, toPort: -1, sourceCidr: undefined }]);
  });

  it("is read for a hundred nodes at a time", async () => {
    const { found, actions } = await read({ instances: instancesOf(250), rules: [] });

    expect(found?.interfaces).toHaveLength(250);
    expect(actions).toEqual([...Array(3).fill("DescribeInstances"), "DescribeSecurityGroupRules"]);
  });

  it("is read in the nodes' region when the stack names none", async () => {
    const { found } = await read({ instances: instancesOf(1), rules: [] }, "");

    expect(found?.interfaces).toHaveLength(1);
  });

  it.each(["DescribeInstances", "DescribeSecurityGroupRules"])(
    "is unknown when %s is denied",
    async (action) => {
      const { found, unread } = await read({ instances: instancesOf(1), rules: [], denied: [action] });

      expect(found).toBeUndefined();
      expect(unread).toEqual([
        {
          verb: `ec2:${action}`,
          resource: "",
          why: `UnauthorizedOperation: You are not authorized to perform ${action}.`,
        },
      ]);
    },
  );
});
