import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Bench } from "../../../../../infra/commands/measure/bench.ts";
import { kinds, type Measurement, measurements } from "../../../../../infra/commands/measure/measurements.ts";
import {
  answered,
  inEffect,
  measureOnce,
  settled,
} from "../../../../../infra/commands/measure/measureOnce.ts";
import { ToolError } from "../../../../../infra/commands/measure/tools.ts";

const node = (name: string, ip: string) => ({ name, ip, kernel: "6.12" });
const nodes = { client: node("a", "10.0.0.1"), server: node("b", "10.0.0.2"), third: node("c", "10.0.0.3") };
const { measured } = measurements({ hasThird: true, hasOutside: true, services: [1], only: kinds });
const iperf3 = JSON.stringify({ end: { sum_received: { bytes: 1e9, bits_per_second: 4e9 } } });

interface Change {
  readonly prints?: (command: string) => string;
  /** Boot id by the node's name. Default: each has its own. */
  readonly boot?: (name: string) => string;
  /** Nanoseconds that eBPF programs ran between two looks. */
  readonly ebpf?: number;
}

/** A bench on which each look at a node finds a second more of processor time, and 10 MB more sent. */
function bench({ prints = () => iperf3, boot = (name) => name, ebpf = 0 }: Change = {}) {
  const requests: string[] = [];
  const looks = new Map<string, number>();
  const counting: number[] = [];
  let services = 1;
  const fake: Bench = {
    nodes,
    outside: { name: "bastion", addresses: ["10.40.0.9"], run: async () => "" },
    ask: async (client, command) => {
      const words = command.join(" ");
      requests.push(`${client} ${words}`);
      return prints(words);
    },
    destination: (way, what) => ({ host: way, port: what === "http" ? 80 : 5201 }),
    services: () => services,
    newest: () => ({ host: `service-${services}`, port: 80 }),
    setServices: async (count) => {
      requests.push(`services ${count}`);
      services = count;
    },
    counters: async ({ name }, seconds) => {
      if (seconds !== undefined) counting.push(seconds);
      const look = (looks.get(name) ?? 0) + 1;
      looks.set(name, look);
      const ebpfNanoseconds = look * ebpf;
      return { bootId: boot(name), busySeconds: look, sentBytes: look * 10_000_000, ebpfNanoseconds };
    },
  };
  const once = (id: string) => {
    const found = measured.find((one): one is Measurement => one.id === id);
    if (found === undefined) throw new Error(`there is no ${id}`);
    return measureOnce(found, fake, 10);
  };
  return { requests, counting, once, fake };
}

describe("throughput", () => {
  it("counts the processors of both nodes for each Gbit that arrived", async () => {
    const { requests, once } = bench();

    expect(await once("tcp/mtu")).toEqual({ values: { throughput: 4, processor: 2 / 8 } });
    expect(requests[0]).toMatch(/^pod env TMPDIR=\S+ iperf3 .*--client pod --port 5201 --time 10/);
  });

  it("has the time in eBPF programs, which the kernel counts for as long as it may take", async () => {
    const { counting, once } = bench({ ebpf: 2_000_000 });

    expect((await once("tcp/mtu")).values.ebpf).toBe(4 / 8);
    expect(counting).toEqual([70, 70]);
  });

  it("counts the processors of one machine once", async () => {
    expect(await bench({ boot: () => "one" }).once("tcp/mtu")).toEqual({
      values: { throughput: 4, processor: 1 / 8 },
    });
  });

  it("of replies has the share that the requested node sent, and its processors where they can be attributed", async () => {
    const { requests, once } = bench();

    expect(await once("tcp/replies")).toEqual({
      values: { throughput: 4, processor: 2 / 8, askedShare: 0.01, askedProcessor: 1 / 8 },
    });
    expect(requests[0]).toMatch(/^outside .*--client NodePort of another node .*--reverse$/);
    expect((await bench({ boot: () => "one" }).once("tcp/replies")).values).not.toHaveProperty(
      "askedProcessor",
    );
  });
});

it("a mode is waited for until replies take its way, and a tool that fails meanwhile", async () => {
  // Through the entry node, then a tool that fails, then past that node.
  const bytes = [1e7, 0, 1e9];
  const prints = () => {
    const sum_received = { bytes: bytes.shift() ?? 0, bits_per_second: 1 };
    return JSON.stringify({ end: { sum_received } });
  };
  const { requests, fake } = bench({ prints });
  await inEffect("dsr", fake);

  expect(requests).toHaveLength(3);
  expect(requests[0]).toMatch(/^outside .*--client NodePort of another node .*--time 1 .*--reverse$/);
  const elsewhere = bench();
  await inEffect("iptables", { ...elsewhere.fake, outside: undefined });
  expect(elsewhere.requests).toEqual([]);
});

it("new connections are made to the newest service, once it answers", async () => {
  let failing = 2;
  const { requests, once } = bench({ prints: () => (failing-- > 0 ? "curl: (28)" : "200 0.0001 0.0004\n") });

  expect((await once("first-packet/1")).values.connect).toBeCloseTo(0.3, 6);
  expect(requests.map((one) => /\[1-(\d+)\]/.exec(one)?.[1])).toEqual(["1", "1", "1", "1000"]);
  expect(requests[0]).toContain("http://service-1:80/");
});

it("a new connection costs the processors of both nodes, and the time in eBPF programs where there are any", async () => {
  const prints = () => "200 0.0001 0.0004\n";

  expect((await bench({ prints, ebpf: 30_000_000 }).once("first-packet/1")).values).toEqual({
    connect: expect.closeTo(0.3, 6),
    connectProcessor: 2,
    connectEbpf: 0.06,
  });
  expect((await bench({ prints }).once("first-packet/1")).values).not.toHaveProperty("connectEbpf");
});

it("nodes are waited for until they no longer work on services", async () => {
  const seconds = [1, 1.4, 1.8, 1.9, 1.95];
  const { fake } = bench();
  const counters = async () => {
    const busySeconds = seconds.shift() ?? Number.NaN;
    return { bootId: "", busySeconds, sentBytes: 0, ebpfNanoseconds: 0 };
  };
  await settled({ ...fake, counters });

  // 0.4 s of 0.5, twice, then 0.1 s.
  expect(seconds).toEqual([1.95]);
});

it("the time until a service answers ends with its answer, so that no ratio divides by none", async () => {
  const { fake } = bench();
  const ask = async () => {
    await sleep(30);
    return "200 0.0001 0.0004\n";
  };

  expect(await answered({ ...fake, ask })).toBeGreaterThan(0.02);
});

it("a thousand services are taken in when the last of them answers, and removed", async () => {
  const { requests, once } = bench({ prints: () => "200 0.0001 0.0004\n" });
  const { values } = await once("take-in");

  expect(values).toEqual({ takenIn: expect.any(Number), takeInProcessor: 1 });
  expect(requests).toEqual([
    "services 1001",
    expect.stringContaining("http://service-1001:80/"),
    "services 1",
  ]);
});

it("services are removed also where they cannot be made", async () => {
  const { requests, once } = bench({
    prints: () => {
      throw new TypeError("a mistake");
    },
  });

  await expect(once("take-in")).rejects.toThrow("a mistake");
  expect(requests.at(-1)).toBe("services 1");
});

it.each([
  ["10.40.0.9:1234", "client"],
  ["10.0.0.3:1234", "node"],
  ["192.168.7.1:1234", "another"],
])("a server that saw %s saw %s", async (text, whose) => {
  const { seen } = await bench({ prints: () => text }).once("address/other-node");

  expect(seen).toEqual({ address: text.split(":")[0], whose });
});

it("a tool that failed to measure gives no figure", async () => {
  await expect(bench({ prints: () => "" }).once("tcp/mtu")).rejects.toThrow(ToolError);
});

it("what a cluster does not allow is left out, with the reason", () => {
  const { measured: possible, leftOut } = measurements({
    hasThird: false,
    hasOutside: true,
    services: [1, 1000],
    only: kinds,
  });

  expect(possible.map(({ id }) => id)).toEqual([
    "tcp/mtu",
    "tcp/1440",
    "first-packet/1",
    "first-packet/1000",
    "take-in",
    "address/own-node",
  ]);
  expect(leftOut.map(({ id, why }) => [id, why])).toEqual([
    ["tcp/replies", "needs three nodes"],
    ["address/other-node", "needs three nodes"],
  ]);
  expect(
    measurements({ hasThird: true, hasOutside: false, services: [], only: ["replies", "take-in"] }),
  ).toMatchObject({
    measured: [{ id: "take-in" }],
    leftOut: [{ id: "tcp/replies", why: "needs a client outside the cluster: --client HOST" }],
  });
});
