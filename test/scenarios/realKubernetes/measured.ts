import { readFileSync } from "node:fs";
import { parseMeasure } from "../../../infra/commands/measure/command.ts";
import type { MeasureData } from "../../../infra/commands/measure/comparison.ts";
import type { Teller } from "../../../infra/commands/measure/execute.ts";
import { ModeSwitch, presentMode } from "../../../infra/commands/measure/modeSwitch.ts";
import type { Outside } from "../../../infra/commands/measure/outside.ts";
import type { ModeName } from "../../../infra/commands/measure/schedule.ts";
import { measureCluster } from "../../../infra/commands/measure/session.ts";
import { UserError } from "../../../infra/commands/shared/errors.ts";
import { openLive } from "../../../infra/commands/verify/session.ts";
import { purposeLabel } from "../../../infra/commands/verify/workloads/namespaces.ts";
import { fortioRun } from "../../simulator/realKubernetes/nodePrograms/measuring/fortio.ts";
import { iperf3 } from "../../simulator/realKubernetes/nodePrograms/measuring/netshoot.ts";
import type { Instance } from "../../simulator/world/instance.ts";
import type { Living } from "./living.ts";

/** Address of a host in the VPC that is no node. */
export const outsideAddress = "10.40.0.250";

export interface MeasuredOptions {
  /** As on the command line, beside what is the same for all: runs of a second. */
  readonly args?: readonly string[];
  /** Default: none, and what args say of modes is taken as it is. */
  readonly modes?: ModeSwitch;
  readonly signal?: AbortSignal;
  readonly teller?: Teller;
  /** Default: yes. */
  readonly confirm?: () => Promise<void>;
  /** In place of the administrator's. */
  readonly token?: string;
}

export const silent: Teller = { start: () => {}, done: () => {}, fail: () => {} };

/** Measures a living stack's cluster from within this process; what it said is collected. */
export async function measuredOn(
  living: Living,
  options: MeasuredOptions = {},
): Promise<{ data: MeasureData; said: string[] }> {
  const { args = [], modes, signal = new AbortController().signal, teller = silent } = options;
  const { confirm = () => Promise.resolve() } = options;
  const said: string[] = [];
  const live = openLive(targetOf(living, options.token), 16, signal);
  try {
    const data = await measureCluster({
      live,
      given: parseMeasure(["--stack", "dev", "--seconds", "1", ...args]),
      modes,
      reach: async (name) => outside(living, name),
      confirm,
      say: (line) => void said.push(line),
      teller,
    });
    return { data, said };
  } finally {
    live.cluster.close();
  }
}

/** Keeps the AWS SDK of another process from looking for the credentials of an instance. */
export const withoutInstance = { AWS_EC2_METADATA_DISABLED: "true" } as const;

function targetOf(living: Living, token: string | undefined) {
  const { kubeconfigFile = "" } = living.world.kubernetes;
  const text = readFileSync(kubeconfigFile, "utf8");
  const kubeconfig = token === undefined ? text : text.replace(/"token":"[^"]+"/, `"token":"${token}"`);
  return { name: "dev", kubeconfig, folder: "/" };
}

/** Switches the modes of a living stack, as its own program does it. */
export function modesOf(living: Living, config: Readonly<Record<string, unknown>>): ModeSwitch {
  const home = { dataplane: "BPF", externalService: "DSR", kubeProxy: "Absent" } as const;
  return new ModeSwitch(home, {
    pending: async () => undefined,
    up: async (settings) => {
      const { kubeProxy, ...calico } = settings ?? home;
      await living.configure({
        ...config,
        "calico-ebpf-eks:calico": calico,
        "calico-ebpf-eks:kubeProxy": kubeProxy,
      });
      const problem = await living.up();
      if (problem !== "") throw new UserError(problem);
    },
  });
}

/** What a run has left: namespaces, and the mode. */
export async function traces(living: Living): Promise<{ namespaces: string[]; mode: ModeName }> {
  const live = openLive(targetOf(living, undefined), 4, new AbortController().signal);
  try {
    const namespaces = await live.cluster.list(
      "/api/v1/namespaces",
      (one) => (one as { metadata: { name: string } }).metadata.name,
      { labelSelector: purposeLabel },
    );
    return { namespaces: namespaces ?? [], mode: await presentMode(live) };
  } finally {
    live.cluster.close();
  }
}

/** Takes a node away as EC2 does: its instance first, then its object. */
export async function terminate(living: Living, nodeName: string): Promise<void> {
  const instances = living.world.cloud.instances as Map<string, Instance>;
  for (const { id, nodeName: name } of [...instances.values()]) if (name === nodeName) instances.delete(id);
  const live = openLive(targetOf(living, undefined), 4, new AbortController().signal);
  try {
    await live.cluster.delete(`/api/v1/nodes/${nodeName}`);
  } finally {
    live.cluster.close();
  }
}

/** A host in the VPC, whose packets go the way that the model of the data path says. */
function outside(living: Living, name: string): Outside {
  const { nodes } = living.world.kubernetes;
  if (nodes === undefined) throw new Error("the cluster has not started");
  return {
    name,
    addresses: [outsideAddress],
    run: async ([program = "", ...args]) => {
      const client = { ip: outsideAddress, port: nodes.nextPort(), isPod: false };
      const tool = program === "iperf3" ? iperf3 : fortioRun;
      return (await tool(nodes, client, args)).stdout ?? "";
    },
  };
}
