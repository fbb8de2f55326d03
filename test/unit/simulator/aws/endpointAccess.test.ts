import { beforeEach, describe, expect, it } from "vitest";
import { endpointProblem } from "../../../simulator/aws/endpointAccess.ts";
import { types } from "../../../simulator/aws/types.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { Account, clusterInputs, type Network, network } from "./account.ts";

let account: Account;
let net: Network;
let clusterGroup: string;

beforeEach(async () => {
  account = new Account();
  net = await network(account);
});

async function create(vpcConfig: Values): Promise<void> {
  const inputs = await clusterInputs(account, net.controlPlaneSubnetIds);
  const { outputs } = await account.create(types.cluster, "dev", {
    ...inputs,
    vpcConfig: { ...(inputs["vpcConfig"] as Values), ...vpcConfig },
  });
  clusterGroup = String((outputs["vpcConfig"] as Values)["clusterSecurityGroupId"]);
}

const open = (source: Values) =>
  account.createId(types.ingressRule, JSON.stringify(source), {
    securityGroupId: clusterGroup,
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    ...source,
  });

const problem = (client: string) => endpointProblem(account.aws, client);
const isPublic = { endpointPublicAccess: true, publicAccessCidrs: ["198.18.0.0/15"] };

describe("an endpoint that is private only", () => {
  beforeEach(() => create({ endpointPublicAccess: false }));

  it.each(["10.60.0.10", "10.40.16.9", "172.16.0.1", "100.64.0.1"])(
    "does not answer %s by itself",
    (client) => {
      expect(problem(client)).toMatch(
        /^unable to load schema information from the API server: Get "https:\/\/[0-9A-F]{32}\.gr7\.eu-west-1\.eks\.amazonaws\.com\/openapi\/v2\?timeout=32s": dial tcp 10\.40\.0\.\d+:443: i\/o timeout \(no rule of sg-\w+ lets [\d.]+ in on TCP 443\)$/,
      );
    },
  );

  it("answers who a rule lets in, as long as there is the rule", async () => {
    const rule = await open({ cidrIpv4: "10.60.0.0/16" });
    expect(problem("10.60.0.10")).toBeUndefined();
    expect(problem("10.61.0.10")).toContain("lets 10.61.0.10 in");

    await account.delete(types.ingressRule, rule);
    expect(problem("10.60.0.10")).toContain("lets 10.60.0.10 in");
  });

  it("answers who carries a security group that a rule names, if that lets it out", async () => {
    const group = await account.createId(types.securityGroup, "runner", { vpcId: net.vpcId });
    await open({ referencedSecurityGroupId: group });
    expect(problem(group)).toContain(`lets ${group} in`);

    await account.createId(types.egressRule, "runner", {
      securityGroupId: group,
      ipProtocol: "-1",
      cidrIpv4: "0.0.0.0/0",
    });
    expect(problem(group)).toBeUndefined();
  });

  it("answers no client on the internet, whatever the rules say", async () => {
    await open({ cidrIpv4: "198.51.100.0/24" });
    expect(problem("198.51.100.1")).toContain(
      "(the endpoint is private only, and Pulumi runs outside, at 198.51.100.1)",
    );
  });
});

describe("an endpoint that is public, too,", () => {
  beforeEach(() => create(isPublic));

  it("answers the ranges that it is for", () => {
    expect(problem("198.19.255.254")).toBeUndefined();
    expect(problem("198.20.0.0")).toContain("(publicAccessCidrs does not let 198.20.0.0 in)");
  });

  it("has private addresses inside, and does not answer there without a rule", async () => {
    expect(problem("10.40.0.20")).toContain("lets 10.40.0.20 in");
    await open({ cidrIpv4: "10.40.0.0/16" });
    expect(problem("10.40.0.20")).toBeUndefined();
  });
});

it("is not there before its cluster is", () => {
  expect(problem("10.60.0.10")).toBeUndefined();
});
