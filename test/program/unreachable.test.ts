import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { program } from "../../infra/program.ts";
import { registered } from "../support/graph.ts";
import { record, recordRefusal } from "../support/recorder.ts";
import { stackConfig } from "../support/stackConfig.ts";

let server: Server | undefined;

afterEach(() => server?.close());

const chart = "kubernetes:helm.sh/v4:Chart tigera-operator";

/** A stack whose API server was at an address of this machine. */
const leaving = (port: number) => ({
  "pulumi:pulumi:readStackOutputs": ({ name }: Record<string, unknown>) => ({
    name,
    outputs: {
      kubernetesVersion: "1.35",
      calicoVersion: "3.32.4",
      clusterEndpoint: `https://127.0.0.1:${port}`,
    },
  }),
});

const options = (port: number) => ({ config: stackConfig({}), answers: leaving(port) });

async function listening(): Promise<number> {
  const started = createServer();
  server = started;
  await new Promise<void>((done) => started.listen(0, "127.0.0.1", done));
  return (started.address() as { port: number }).port;
}

describe("an API server that is said not to answer", () => {
  it("leaves out what is in the chart, and keeps its component and everything else", async () => {
    const port = await listening();
    server?.close();
    const { resources: usual } = await record(program, options(port));

    vi.stubEnv("CALICO_EBPF_EKS_UNREACHABLE", "true");
    const { resources, log } = await record(program, options(port));

    expect(registered(resources)).toEqual(registered(usual));
    const remote = (all: typeof usual) => all.find(({ type }) => chart.startsWith(type))?.remote;
    expect([remote(usual), remote(resources)]).toEqual([true, false]);
    expect(log.join()).toContain('Update with --target "**aws:eks/cluster:Cluster::**" only');
  });

  it("is refused when it answers after all", async () => {
    const port = await listening();
    vi.stubEnv("CALICO_EBPF_EKS_UNREACHABLE", "true");

    const { error, resources } = await recordRefusal(program, options(port));

    expect(String(error)).toContain(`CALICO_EBPF_EKS_UNREACHABLE: https://127.0.0.1:${port} answers`);
    expect(registered(resources)).not.toContain(chart);
  });

  it.each(["", "false", "1"])("is not said by %j", async (value) => {
    const port = await listening();
    vi.stubEnv("CALICO_EBPF_EKS_UNREACHABLE", value);

    const { resources } = await record(program, options(port));

    expect(resources.find(({ type }) => chart.startsWith(type))?.remote).toBe(true);
  });
});
