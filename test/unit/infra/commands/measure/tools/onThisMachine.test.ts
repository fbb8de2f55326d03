import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  fortioAddressCommand,
  fortioCommand,
  iperf3Command,
  readFortio,
  readFortioAddress,
  readIperf3,
} from "../../../../../../infra/commands/measure/tools.ts";
import { presentFortio } from "../../../../../toolchain/fortio.ts";
import { onLoopback } from "./loopback.ts";

const iperf3 = "/usr/bin/iperf3";
const fortio = await presentFortio();
const host = "127.0.0.1";

/** The command as it is, but for the program's own path. */
const argumentsOf = ([, ...rest]: readonly string[]) => rest;

describe.skipIf(!existsSync(iperf3))("the iperf3 of this machine (apt-get install iperf3)", () => {
  const server = (port: number) => ["--server", "--bind", host, "--port", String(port)];

  it.each(["tcp", "udp"] as const)(
    "understands our command line of %s, and we its report",
    async (protocol) => {
      const { stdout } = await onLoopback({
        file: iperf3,
        server,
        client: (port) =>
          argumentsOf(
            iperf3Command({
              protocol,
              host,
              port,
              seconds: 1,
              warmUpSeconds: 1,
              payloadBytes: 1400,
              reverse: true,
            }),
          ),
      });
      const { gigabitsPerSecond, seconds, lostShare, retransmits } = readIperf3(stdout);

      expect(gigabitsPerSecond).toBeGreaterThan(0.01);
      expect(seconds).toBeCloseTo(1, 0);
      expect([lostShare, retransmits].map((one) => typeof one)).toEqual(
        protocol === "tcp" ? ["undefined", "number"] : ["number", "undefined"],
      );
    },
  );
});

describe.skipIf(fortio === undefined)("the fortio of this machine (npm run test:engine builds it)", () => {
  const server = (port: number) => ["server", "-http-port", `${host}:${port}`, ...off, "-ui-path", ""];
  const off = ["-grpc-port", "-redirect-port", "-tcp-port", "-udp-port"].flatMap((name) => [
    name,
    "disabled",
  ]);
  const run = async (command: (port: number) => readonly string[]) => {
    const { stdout } = await onLoopback({
      file: fortio ?? "",
      server,
      client: (port) => argumentsOf(command(port)),
    });
    return stdout;
  };

  it("understands our command lines, and we its reports", async () => {
    const open = readFortio(
      await run((port) =>
        fortioCommand({ host, port, concurrency: 2, connectionEach: false, amount: { seconds: 1 } }),
      ),
    );
    const each = readFortio(
      await run((port) =>
        fortioCommand({
          host,
          port,
          concurrency: 1,
          connectionEach: true,
          amount: { requests: 20, perSecond: 50 },
        }),
      ),
    );

    expect(open.perSecond).toBeGreaterThan(10);
    expect(open.connections.count).toBe(2);
    expect(each.connections.count).toBe(20);
    expect(each.connections.p50Milliseconds).toBeLessThan(each.requests.p50Milliseconds);
  });

  it("says whom its server sees", async () => {
    expect(readFortioAddress(await run((port) => fortioAddressCommand(host, port)))).toBe(host);
  });
});
