import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { ModeSwitch } from "../../../../../infra/commands/measure/modes.ts";
import { measureCluster } from "../../../../../infra/commands/measure/session.ts";
import { UserError } from "../../../../../infra/commands/shared/errors.ts";
import { openLive } from "../../../../../infra/commands/verify/session.ts";
import { listenLocally } from "../../../../support/localServer.ts";
import { reply } from "../verify/fakeApi.ts";

const iperf3 = readFileSync(new URL("recorded/iperf3Tcp.json", import.meta.url), "utf8");
const counters = "boot\ncpu  1 0 1 0 0 0 0\neth0\t00000000\t0\n  eth0: 0 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0\n";
const node = (name: string, address: string) => ({
  metadata: { name },
  status: {
    addresses: [{ type: "InternalIP", address }],
    conditions: [{ type: "Ready", status: "True" }],
    nodeInfo: { kernelVersion: "6.12", operatingSystem: "linux" },
  },
});
const nodes = [node("a", "10.0.0.1"), node("b", "10.0.0.2")];
const calicoNode = {
  metadata: { name: "calico-node-x", namespace: "calico-system" },
  spec: { containers: [{}] },
};
const ready = { conditions: [{ type: "Ready", status: "True" }], podIP: "192.168.0.1" };

let stop: () => Promise<void> = async () => {};

afterEach(() => stop());

/** What a cluster keeps, by path: lists of objects. */
type Objects = Map<string, unknown[]>;

function created(objects: Objects, path: string, text: string): object {
  const { metadata } = JSON.parse(text);
  objects.set(path, [...(objects.get(path) ?? []), { metadata, status: ready, spec: {} }]);
  return { metadata, spec: { clusterIP: "172.20.0.9", ports: [{ nodePort: 30_080 }] } };
}

function deleted(objects: Objects, path: string): object {
  for (const key of objects.keys()) if (key.startsWith(path)) objects.delete(key);
  // The only namespace.
  if (!path.endsWith("/pods")) objects.delete("/api/v1/namespaces");
  return {};
}

function found(objects: Objects, path: string): object | undefined {
  const lists: Record<string, unknown[]> = { "/api/v1/nodes": nodes, "/api/v1/pods": [calicoNode] };
  const items = lists[path] ?? objects.get(path);
  if (items !== undefined) return { metadata: {}, items };
  const isNamespace = /^\/api\/v1\/namespaces\/[^/]+$/.test(path);
  return isNamespace && objects.has("/api/v1/namespaces") ? {} : undefined;
}

/** What a command prints in a container. */
function printed(words: string): string {
  if (words.includes("iperf3")) return iperf3;
  if (words.includes("curl")) return "200 0.0001 0.0004\n";
  return words.includes("mtu") ? "8951\n" : counters;
}

/** A cluster that keeps what is made in it, and its client; each command prints what its program would. */
async function started(signal: AbortSignal) {
  const objects: Objects = new Map();
  const server = createServer(async (request, response) => {
    const [path = ""] = request.url?.split("?") ?? [];
    const body = await text(request);
    if (request.method === "POST") return reply(response, 201, created(objects, path, body));
    if (request.method === "DELETE") return reply(response, 200, deleted(objects, path));
    const answer = found(objects, path);
    reply(response, answer === undefined ? 404 : 200, answer ?? {});
  });
  const local = await listenLocally(server);
  stop = local.stop;
  const kubeconfig = JSON.stringify({
    clusters: [{ name: "c", cluster: { server: local.url } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  });
  const live = openLive({ name: "dev", kubeconfig, folder: "/" }, 4, signal);
  const exec = async ({ command }: { readonly command: readonly string[] }) => ({
    stdout: printed(command.join(" ")),
    stderr: "",
    exitCode: 0,
  });
  Object.defineProperty(live.cluster, "exec", { value: exec });
  return { live, objects };
}

const home = { dataplane: "BPF", externalService: "DSR", kubeProxy: "Absent" } as const;

interface Change {
  readonly client?: string;
  /** Called with the settings of each `up`; undefined: home. */
  readonly up?: (settings: unknown) => Promise<void>;
  /** Called with each step. */
  readonly onStep?: (step: string, abort: (reason: Error) => void) => void;
}

async function measured({ client, up, onStep = () => {} }: Change = {}) {
  const ending = new AbortController();
  const { live, objects } = await started(ending.signal);
  const ups: unknown[] = [];
  const switching = new ModeSwitch(home, async (settings) => {
    ups.push(settings);
    await up?.(settings);
  });
  const run = measureCluster({
    live,
    given: {
      client,
      imageRegistry: undefined,
      modes: up === undefined ? [] : ["dsr", "tunnel"],
      only: ["throughput", "first-packet"],
      repeats: 1,
      seconds: 1,
      services: [1, 3],
    },
    modes: up === undefined ? undefined : switching,
    reach: async () => ({ name: "bastion", addresses: [], run: async () => "" }),
    say: () => {},
    teller: {
      start: (step) => onStep(step, (reason) => ending.abort(reason)),
      done: () => {},
      fail: () => {},
    },
  });
  const outcome = await run.then(
    (data) => ({ data, error: undefined }),
    (error: Error) => ({ data: undefined, error }),
  );
  live.cluster.close();
  return { ...outcome, left: [...objects.keys()], ups, switching };
}

describe("a run of measurements", { timeout: 20_000 }, () => {
  it("measures the cluster as it is, and leaves nothing behind", async () => {
    const { data, left } = await measured();

    expect(data?.modes).toEqual(["present"]);
    expect(data?.runs.map(({ measurement, mode }) => [measurement, mode])).toEqual([
      ["tcp/mtu", "present"],
      ["tcp/1440", "present"],
      ["first-packet/1", "present"],
      ["first-packet/3", "present"],
    ]);
    expect(data?.cluster).toMatchObject({ name: "dev", mtuBytes: 8951, isOneMachine: true });
    expect(left).toEqual([]);
  });

  it("switches modes, and puts back the first", async () => {
    const { data, left, ups, switching } = await measured({ up: async () => {} });

    expect(data?.runs.map(({ mode }) => mode)).toEqual([...Array(4).fill("dsr"), ...Array(4).fill("tunnel")]);
    expect(ups).toEqual([{ ...home, externalService: "Tunnel" }, undefined]);
    expect([switching.isAway, left]).toEqual([false, []]);
  });

  it("removes its pods and puts the mode back when a switch fails", async () => {
    const { error, left, ups } = await measured({
      up: async (settings) => {
        if (settings !== undefined) throw new UserError("up failed");
      },
    });

    expect(error?.message).toBe("up failed");
    expect(ups).toHaveLength(2);
    expect(left).toEqual([]);
  });

  it("does the same when it is interrupted in another mode", async () => {
    let isAway = false;
    const { error, left, switching } = await measured({
      up: async (settings) => {
        isAway = settings !== undefined;
      },
      onStep: (step, abort) => {
        if (isAway && step.startsWith("TCP")) abort(new UserError("interrupted"));
      },
    });

    expect(error?.message).toBe("interrupted");
    expect([switching.isAway, left]).toEqual([false, []]);
  });

  it("says what could not be put back, and removes its pods all the same", async () => {
    const { error, left } = await measured({
      up: async () => {
        throw new UserError("no way");
      },
    });

    expect(error?.message).toBe("measure: not everything could be restored.\n  restore the mode: no way");
    expect(left).toEqual([]);
  });

  it("refuses a node as the client outside before anything is made", async () => {
    let steps = 0;
    const { error } = await measured({
      client: "ec2-user@10.0.0.2",
      onStep: () => {
        steps += 1;
      },
    });

    expect(error?.message).toContain("is a node of this cluster");
    expect(steps).toBe(0);
  });
});
