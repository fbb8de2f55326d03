import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Ec2 } from "../../../../../../infra/commands/verify/aws/ec2.ts";

let server: Server;
let asked: string[] = [];
let types = "";

beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const query = new URLSearchParams(body);
    asked.push(`${query.get("Action")} ${query.get("Filter.1.Name")}=${query.get("Filter.1.Value.1")}`);
    response.writeHead(200, { "content-type": "text/xml" });
    response.end(
      `<DescribeInstanceTypesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><instanceTypeSet>${types}</instanceTypeSet></DescribeInstanceTypesResponse>`,
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  vi.stubEnv("AWS_ENDPOINT_URL_EC2", `http://127.0.0.1:${port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "stand-in");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "stand-in");
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const card = (baseline: number, peak: number) =>
  `<item><baselineBandwidthInGbps>${baseline}</baselineBandwidthInGbps><peakBandwidthInGbps>${peak}</peakBandwidthInGbps></item>`;

function type(name: string, isBurstable: boolean, cards: string): string {
  return `<item><instanceType>${name}</instanceType><burstablePerformanceSupported>${isBurstable}</burstablePerformanceSupported><networkInfo><networkCards>${cards}</networkCards></networkInfo></item>`;
}

describe("EC2's word on an instance type", () => {
  it("is its bandwidth at all times and for some time, and whether its processor is on credits", async () => {
    types = type("t4g.medium", true, card(0.256, 5));

    expect(await new Ec2().bandwidths(["t4g.medium"], "eu-west-1")).toEqual([
      { instanceType: "t4g.medium", baselineGigabits: 0.256, peakGigabits: 5, burstableProcessor: true },
    ]);
    expect(asked).toEqual(["DescribeInstanceTypes instance-type=t4g.medium"]);
  });

  it("is of all its network cards together", async () => {
    types = type("p5.48xlarge", false, card(100, 100) + card(100, 100));

    expect(await new Ec2().bandwidths(["p5.48xlarge"], "us-east-1")).toMatchObject([
      { baselineGigabits: 200 },
    ]);
  });

  it("is not known when it does not say", async () => {
    types = type("m1.small", false, "");

    expect(await new Ec2().bandwidths(["m1.small"], "us-east-1")).toEqual([
      {
        instanceType: "m1.small",
        baselineGigabits: undefined,
        peakGigabits: undefined,
        burstableProcessor: false,
      },
    ]);
  });
});
