import { describe, expect, it } from "vitest";
import {
  fortioCommand,
  readFortio,
  readFortioAddress,
} from "../../../../../../infra/commands/measure/tools.ts";
import { recorded } from "./recorded.ts";

describe("fortio's report", () => {
  it("tells requests a second and their times in milliseconds", () => {
    const { perSecond, requests } = readFortio(recorded("fortioRequests.json"));

    expect(perSecond).toBeCloseTo(50215.1338, 4);
    expect(requests).toEqual({
      count: 100437,
      meanMilliseconds: expect.closeTo(0.079472, 6),
      p50Milliseconds: expect.closeTo(0.060856, 6),
      p90Milliseconds: expect.closeTo(0.129836, 6),
      p99Milliseconds: expect.closeTo(0.435166, 6),
    });
  });

  it("tells the time of connecting apart from that of the request", () => {
    const { connections, requests } = readFortio(recorded("fortioConnections.json"));

    expect(connections).toMatchObject({ count: 50, p50Milliseconds: expect.closeTo(0.277778, 6) });
    expect(requests.p50Milliseconds).toBeCloseTo(0.564706, 6);
  });

  it("is refused when requests failed", () => {
    expect(() => readFortio(recorded("fortioRefused.json"))).toThrow(
      "fortio: 5 of 5 requests failed (5 × no answer)",
    );
  });

  it("is refused when one request failed", () => {
    const report = JSON.parse(recorded("fortioConnections.json"));
    const one = JSON.stringify({ ...report, RetCodes: { "200": 49, "503": 1 } });

    expect(() => readFortio(one)).toThrow("fortio: 1 of 50 requests failed (49 × 200, 1 × 503)");
  });

  it.each([
    ["", "fortio printed no JSON"],
    ['{"ActualQPS": 1}', "fortio printed something other than its report:  RetCodes"],
  ])("is not made up from %j", (text, problem) => {
    expect(() => readFortio(text)).toThrow(problem);
  });
});

describe("the address that fortio's server saw", () => {
  it("is the client's", () => {
    expect(readFortioAddress(recorded("fortioAddress.txt"))).toBe("127.0.0.1");
  });

  it("may be of IPv6", () => {
    expect(readFortioAddress("on vm - request from [2001:db8::7]:5000\n")).toBe("2001:db8::7");
  });

  it("is not made up", () => {
    expect(() => readFortioAddress("404 page not found")).toThrow("did not say whom it sees");
  });
});

describe("fortio's command line", () => {
  const base = { host: "172.20.0.9", port: 8080, concurrency: 4 };

  it("asks as fast as it goes for a time", () => {
    expect(fortioCommand({ ...base, connectionEach: false, amount: { seconds: 10 } }).join(" ")).toBe(
      "fortio load -quiet -json - -p 50,90,99 -r 0.000001 -timeout 5s -c 4 -qps 0 -t 10s http://172.20.0.9:8080/",
    );
  });

  it("opens a connection for each request, at a steady rate", () => {
    const amount = { requests: 200, perSecond: 20 };

    expect(fortioCommand({ ...base, concurrency: 1, connectionEach: true, amount }).join(" ")).toMatch(
      / -c 1 -qps 20 -n 200 -keepalive=false /,
    );
  });
});
