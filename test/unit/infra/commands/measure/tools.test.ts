import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, describe, expect, it, vi } from "vitest";
import {
  addressCommand,
  connectCommand,
  firstCounters,
  iperf3Command,
  lastCounters,
  median,
  readAddress,
  readConnects,
  readCounters,
  readIperf3,
} from "../../../../../infra/commands/measure/tools.ts";
import { listenLocally } from "../../../../support/localServer.ts";

const recorded = (name: string) => readFileSync(new URL(`recorded/${name}`, import.meta.url), "utf8");
const to = { host: "10.0.0.7", port: 5201 };

describe("iperf3", () => {
  it("reports what arrived", () => {
    expect(readIperf3(recorded("iperf3Tcp.json"))).toEqual({
      bytes: 6268911616,
      gigabitsPerSecond: expect.closeTo(25.066622, 6),
    });
  });

  it("of a server that sends reports what the client received", () => {
    expect(readIperf3(recorded("iperf3Reverse.json")).gigabitsPerSecond).toBeCloseTo(17.848307, 6);
  });

  it.each([
    [recorded("iperf3Refused.json"), "iperf3: unable to connect to server: Connection refused"],
    ["sh: iperf3: not found", "iperf3 printed no JSON: sh: iperf3: not found"],
    ['{"end": {}}', "iperf3: nothing arrived"],
    ['{"start": {}}', "iperf3: nothing arrived"],
  ])("is not made up from %j", (text, problem) => {
    expect(() => readIperf3(text)).toThrow(problem);
  });

  it("leaves the packet's size to TCP, or takes the headers off a smaller one", () => {
    expect(iperf3Command(to, 30, false).join(" ")).toBe(
      "env TMPDIR=/dev/shm iperf3 --json --client 10.0.0.7 --port 5201 --time 30 --connect-timeout 5000",
    );
    expect(iperf3Command(to, 30, true, 1440).join(" ")).toMatch(/ --set-mss 1400 --reverse$/);
  });
});

describe("new connections", () => {
  it("are as many as requested, each a new one, with the curl of this machine", async () => {
    let connections = 0;
    const server = createServer((_, response) => response.end("web"));
    server.on("connection", () => {
      connections += 1;
    });
    const { url, stop } = await listenLocally(server);
    const [program = "", ...args] = connectCommand({ host: "127.0.0.1", port: Number(new URL(url).port) }, 7);
    const { stdout } = await promisify(execFile)(program, args).finally(stop);

    expect(connections).toBe(7);
    expect(stdout.trim().split("\n")).toHaveLength(7);
    expect(readConnects(stdout)).toBeGreaterThan(0);
    expect(readConnects(stdout)).toBeLessThan(1000);
  });

  it("take the median time from the name to the connection, in milliseconds", () => {
    expect(readConnects("200 0.000010 0.000110\n200 0.000020 0.000320\n200 0.000010 0.009010\n")).toBeCloseTo(
      0.3,
      6,
    );
  });

  it.each([
    ["200 0.1 0.2\n000 0.0 0.0\n", "curl: 1 of 2 requests failed: 000 0.0 0.0"],
    ["curl: (28) Connection timed out", "curl: 1 of 1 requests failed: curl: (28) Connection timed out"],
    ["", "curl: 1 of 1 requests failed"],
  ])("are not counted where one failed: %j", (text, problem) => {
    expect(() => readConnects(text)).toThrow(problem);
  });
});

describe("the address that the server saw", () => {
  it.each([
    ["10.40.200.50:34567", "10.40.200.50"],
    ["[2001:db8::7]:5000", "2001:db8::7"],
  ])("is read from %s", (text, address) => {
    expect(readAddress(text)).toBe(address);
  });

  it.each(["404 page not found", "", "10.0.0.1"])("is not made up from %j", (text) => {
    expect(() => readAddress(text)).toThrow("did not say whom it sees");
  });

  it("is read at /clientip", () => {
    expect(addressCommand(to).at(-1)).toBe("http://10.0.0.7:5201/clientip");
  });
});

describe("a node's counters", () => {
  const stat = "cpu  100 20 30 4000 500 6 7 8 9 10\ncpu0 50 10 15 2000 250 3 3 4 4 5\n";
  const route =
    "Iface\tDestination\tGateway\tFlags\neth0\t00000000\t0128280A\t0003\nvxlan.calico\t0000A8C0\t00000000\t0001\n";
  const dev =
    "Inter-|   Receive\n face |bytes packets\n    lo: 1 2 0 0 0 0 0 0 3 4 0 0 0 0 0 0\n  eth0: 111 2 0 0 0 0 0 0 999 5 0 0 0 0 0 0\n";
  const text = (change: Partial<Record<"dev" | "route" | "stat", string>> = {}) => {
    const all = { stat, route, dev, ...change };
    return `6a1f\n${all.stat}${all.route}${all.dev}`;
  };

  it("are its start, its busy time without idle and stolen, and what the default route's interface has sent", () => {
    expect(readCounters(text())).toEqual({
      bootId: "6a1f",
      busySeconds: 1.63,
      sentBytes: 999,
      ebpfNanoseconds: 0,
    });
  });

  it("are the time in all of Calico's eBPF programs", () => {
    const programs =
      " name cali_tc_preamble  tag 987c32b9e6c133a2  gpl run_time_ns 1500 run_cnt 3\n name cali_tc_preambl  tag 1  gpl run_time_ns 500 run_cnt 1\n";

    expect(readCounters(text() + programs).ebpfNanoseconds).toBe(2000);
  });

  it("are read where the kernel leaves no blank after the colon", () => {
    expect(readCounters(text({ dev: "eth0:111 2 0 0 0 0 0 0 999 5\n" })).sentBytes).toBe(999);
  });

  it.each([
    ["no processors", { stat: "" }],
    ["no default route", { route: "" }],
    ["no interface", { dev: "" }],
  ])("are not made up where there is %s", (_, change) => {
    expect(() => readCounters(text(change))).toThrow("the node's counters could not be read");
  });
});

describe("the kernel", () => {
  const folder = mkdtempSync(join(tmpdir(), "counting-"));
  const setting = join(folder, "bpf_stats_enabled");
  const programs =
    "1: sched_cls  name cali_tc_preamble  tag 9  gpl run_time_ns 7 run_cnt 2\n2: cgroup_skb  name other  tag 8  gpl run_time_ns 5 run_cnt 1";
  writeFileSync(join(folder, "bpftool"), `#!/bin/sh\necho '${programs}'\n`, { mode: 0o755 });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs a script as calico-node would, on own files; returns what it printed. */
  async function inCalicoNode(script: string): Promise<string> {
    const own = script
      .replaceAll("/proc/sys/kernel/bpf_stats_enabled", setting)
      .replaceAll("/var/run/calico", folder);
    const { stdout } = await promisify(execFile)("sh", ["-c", `PATH=${folder}:$PATH\n${own}`]);
    return stdout;
  }
  const isCounting = () => readFileSync(setting, "utf8").trim() === "1";

  it("counts between the first look and the last, which print Calico's programs only", async () => {
    writeFileSync(setting, "0\n");
    const first = await inCalicoNode(firstCounters(60));
    expect(isCounting()).toBe(true);
    const last = await inCalicoNode(lastCounters);
    expect(isCounting()).toBe(false);
    for (const printed of [first, last]) {
      expect(readCounters(printed).ebpfNanoseconds).toBe(7);
      expect(printed).not.toContain("other");
    }
  });

  it("counts nothing where no program of Calico is loaded, and does not fail", async () => {
    writeFileSync(setting, "0\n");
    const without = (script: string) => inCalicoNode(script.replaceAll("bpftool", "true"));
    expect(readCounters(await without(firstCounters(60))).ebpfNanoseconds).toBe(0);
    expect(readCounters(await without(lastCounters)).ebpfNanoseconds).toBe(0);
  });

  it("goes on counting where it counted before", async () => {
    writeFileSync(setting, "1\n");
    await inCalicoNode(firstCounters(60));
    await inCalicoNode(lastCounters);
    expect(isCounting()).toBe(true);
  });

  it("stops by itself where no last look follows, but not while a later run counts", async () => {
    writeFileSync(setting, "0\n");
    await inCalicoNode(firstCounters(1));
    await inCalicoNode(firstCounters(3));
    await sleep(1500);
    expect(isCounting()).toBe(true);
    await vi.waitFor(() => expect(isCounting()).toBe(false), { timeout: 5000 });
  }, 20_000);
});

it("the median is the middle one, or lies between two", () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])]).toEqual([2, 2.5, 7]);
  expect(median([])).toBeNaN();
});
