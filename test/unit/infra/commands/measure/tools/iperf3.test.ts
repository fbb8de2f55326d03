import { describe, expect, it } from "vitest";
import { iperf3Command, readIperf3 } from "../../../../../../infra/commands/measure/tools.ts";
import { recorded } from "./recorded.ts";

const options = { protocol: "tcp", host: "10.0.0.7", port: 5201, seconds: 30, warmUpSeconds: 2 } as const;

describe("iperf3's report", () => {
  it("of TCP tells what arrived after the warm-up, and what was sent again", () => {
    expect(readIperf3(recorded("iperf3Tcp.json"))).toEqual({
      gigabitsPerSecond: expect.closeTo(25.066622, 6),
      gigabits: expect.closeTo(50.151293, 6),
      seconds: 2.00072,
      lostShare: undefined,
      retransmits: 5,
    });
  });

  it("of UDP tells what arrived, and the share of what was sent that did not", () => {
    const { gigabitsPerSecond, lostShare, retransmits } = readIperf3(recorded("iperf3Udp.json"));

    expect(gigabitsPerSecond).toBeCloseTo(0.806479, 6);
    expect(lostShare).toBeCloseTo(0.6163, 4);
    expect(retransmits).toBeUndefined();
  });

  it("of a server that sends tells what the client received", () => {
    expect(readIperf3(recorded("iperf3Reverse.json")).gigabitsPerSecond).toBeCloseTo(17.848307, 6);
  });

  it("of no connection gives iperf3's own reason", () => {
    expect(() => readIperf3(recorded("iperf3Refused.json"))).toThrow(
      "iperf3: unable to connect to server: Connection refused",
    );
  });

  it.each([
    ["", "iperf3 printed no JSON"],
    ["sh: iperf3: not found", "iperf3 printed no JSON: sh: iperf3: not found"],
    ['{"end": {}}', "iperf3: nothing arrived"],
    ['{"start": {}}', "iperf3 printed something other than its report:  end"],
  ])("is not made up from %j", (text, problem) => {
    expect(() => readIperf3(text)).toThrow(problem);
  });
});

describe("iperf3's command line", () => {
  it("of TCP leaves the packet's size to TCP", () => {
    expect(iperf3Command(options).join(" ")).toBe(
      "iperf3 --json --client 10.0.0.7 --port 5201 --time 30 --omit 2 --connect-timeout 5000",
    );
  });

  it("of UDP lifts the rate of 1 Mbit/s", () => {
    expect(iperf3Command({ ...options, protocol: "udp", payloadBytes: 1412 }).join(" ")).toMatch(
      / --udp --bitrate 0 --length 1412$/,
    );
  });

  it("of smaller packets sets TCP's segment size, and reverses the direction on request", () => {
    expect(iperf3Command({ ...options, payloadBytes: 1400, reverse: true }).join(" ")).toMatch(
      / --set-mss 1400 --reverse$/,
    );
  });
});
