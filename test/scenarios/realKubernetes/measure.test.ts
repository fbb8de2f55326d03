import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { modes } from "../../../infra/commands/measure/schedule.ts";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import { UserError } from "../../../infra/commands/shared/errors.ts";
import { ClusterError } from "../../../infra/kubernetes/errors.ts";
import { type Living, startLiving } from "./living.ts";
import {
  measuredOn,
  modesOf,
  outsideAddress,
  silent,
  terminate,
  traces,
  withoutInstance,
} from "./measured.ts";
import { canMeasure, onRealTools } from "./measuringTools.ts";

/** With a node more than are needed, for one is lost. */
const config = {
  "aws:region": "eu-west-1",
  "calico-ebpf-eks:cluster": { publicAccessCidrs: ["198.18.0.0/15"] },
  "calico-ebpf-eks:nodePools": { default: { size: { min: 4, desired: 4, max: 5 } } },
};
let living: Living;

beforeAll(async () => {
  if (!canMeasure) return;
  living = await startLiving({ config });
  expect(await living.up()).toBe("");
}, 300_000);

afterEach(async () => {
  // Whatever a run came to, nothing of it may be left.
  if (canMeasure) expect(await traces(living)).toEqual({ namespaces: [], mode: "dsr" });
});

afterAll(() => living?.end());

describe.skipIf(!canMeasure)(`${onRealTools}, npm run measure`, () => {
  it("measures everything, with the real tools' own figures", async () => {
    const args = ["--client", "bastion", "--repeats", "1", "--services", "1,5"];
    const { data, said } = await measuredOn(living, { args });

    expect(data.leftOut).toEqual([]);
    expect(data.measured).toHaveLength(25);
    expect(data.runs).toHaveLength(25);
    expect(data.modes).toEqual(["dsr"]);
    expect(data.cluster).toMatchObject({ calicoVersion: "v3.32.4", mtuBytes: 8951, encapsulation: "VXLAN" });
    expect(said[0]).toMatch(/^25 measurements, 25 runs: about /);
    const values = new Map(data.runs.map((run) => [run.measurement, run.values]));
    expect(Object.keys(values.get("tcp/other-node/mtu") ?? {})).toEqual([
      "throughput",
      "clientProcessor",
      "serverProcessor",
    ]);
    expect(Object.keys(values.get("connections/cluster-ip") ?? {})).toEqual([
      "connectionsPerSecond",
      "p50",
      "p90",
      "p99",
    ]);
    expect(values.get("first-packet/5")?.firstPacketP50).toBeGreaterThan(0);
  });

  it("goes through the modes and back, and sees what each does to the client's address", async () => {
    const { data, said } = await measuredOn(living, {
      args: [
        ...["--modes", "tunnel,iptables", "--i-accept-disruption", "--client", "bastion"],
        ...["--only", "source-address", "--repeats", "2"],
      ],
      modes: modesOf(living, config),
    });

    const seen = data.runs
      .filter(({ measurement }) => measurement === "address/outside-other-node-port")
      .map(({ mode, block, seen: one }) => [mode, block, one?.whose, one?.address === outsideAddress]);
    expect(seen).toEqual([
      ["tunnel", 0, "client", true],
      ["iptables", 1, "node", false],
      ["iptables", 1, "node", false],
      ["tunnel", 2, "client", true],
    ]);
    const path = ["dsr", "tunnel", "iptables", "tunnel", "dsr"] as const;
    expect(said).toContainEqual(`Modes: ${path.map((mode) => modes[mode].title).join(" → ")}.`);
  });

  it("puts everything back when it is interrupted in another mode", async () => {
    const ending = new AbortController();
    const teller = {
      ...silent,
      start: (step: string) => void (step.startsWith("HTTP") && ending.abort(new UserError("interrupted"))),
    };
    const run = measuredOn(living, {
      args: ["--modes", "tunnel", "--only", "requests", "--repeats", "1"],
      modes: modesOf(living, config),
      signal: ending.signal,
      teller,
    });

    await expect(run).rejects.toThrow("interrupted");
  });

  it("puts everything back when a node that takes part is gone", async () => {
    let server = "";
    const run = measuredOn(living, {
      args: ["--only", "throughput", "--repeats", "2"],
      teller: {
        ...silent,
        start: (step, detail = "") => {
          if (step === "start the tools") server = detail.split(" and ")[1] ?? "";
          if (step.startsWith("TCP to a pod, other")) void terminate(living, server);
        },
      },
    });

    await expect(run).rejects.toThrow(/^measure: node ip-\S+ (is gone; it took part|, which)/);
  });

  it("refuses a node as the client outside, in one line", async () => {
    const [instance] = living.world.cloud.instances.values();
    const run = measuredOn(living, { args: ["--client", `ec2-user@${instance?.privateIp}`] });

    await expect(run).rejects.toThrow(/is a node of this cluster, and eBPF on a node sends straight/);
  });

  it("begins nothing when the answer is no", async () => {
    const run = measuredOn(living, {
      args: ["--modes", "tunnel", "--repeats", "1"],
      modes: modesOf(living, config),
      confirm: () => Promise.reject(new UserError("not begun")),
    });

    await expect(run).rejects.toThrow("not begun");
  });

  it("says of an account without rights what it may not do", async () => {
    const run = measuredOn(living, { token: "of nobody" });

    await expect(run).rejects.toThrow(ClusterError);
    await expect(run).rejects.toThrow("the credentials are not accepted (401)");
  });

  it("removes its tools after Ctrl-C, and ends as a shell expects", async () => {
    const main = join(import.meta.dirname, "..", "..", "..", "infra", "commands", "cli.js");
    const { kubeconfigFile = "" } = living.world.kubernetes;
    const args = ["--kubeconfig", kubeconfigFile, "--seconds", "1", "--repeats", "50", "--only", "requests"];
    const child = spawn(process.execPath, [main, "measure", ...args], {
      env: { ...ownEnvironment(), ...withoutInstance },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const interrupted = new Promise<void>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (output.includes("HTTP, requests")) resolve();
      });
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    const ended = once(child, "exit");
    try {
      await Promise.race([interrupted, ended]);
      child.kill("SIGINT");
      const [code] = await ended;

      expect(output).toContain("Interrupted; the tools are being removed");
      expect(output).toMatch(/measure: interrupted\n$/);
      expect(code).toBe(130);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
