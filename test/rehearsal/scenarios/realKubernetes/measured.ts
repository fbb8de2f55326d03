import { readFileSync } from "node:fs";
import { openLive } from "../../../live/session.ts";
import type { MeasureArguments } from "../../../measure/arguments.ts";
import { parseMeasure } from "../../../measure/arguments.ts";
import type { MeasureData } from "../../../measure/reports/measureData.ts";
import type { Teller } from "../../../measure/runs/execute.ts";
import type { ModeSwitch } from "../../../measure/runs/modes/modeSwitch.ts";
import type { Outside } from "../../../measure/runs/outside.ts";
import { measureCluster } from "../../../measure/runs/session.ts";
import { fortioRun } from "../../realKubernetes/nodePrograms/measuring/fortio.ts";
import { iperf3 } from "../../realKubernetes/nodePrograms/measuring/netshoot.ts";
import type { Living } from "./living.ts";

/** Address of a host in the VPC that is no node. */
export const outsideAddress = "10.40.0.250";

export interface MeasuredOptions {
  /** As on the command line, beside what is the same for all: runs of a second. */
  readonly args?: readonly string[];
  readonly modes?: ModeSwitch;
  readonly signal?: AbortSignal;
  readonly teller?: Teller;
  readonly confirm?: () => Promise<void>;
}

/** Measures a living stack's cluster from within this process; what it said is collected. */
export async function measuredOn(
  living: Living,
  { args = [], modes, signal = new AbortController().signal, teller = silent, confirm }: MeasuredOptions = {},
): Promise<{ data: MeasureData; said: string[] }> {
  const said: string[] = [];
  const { kubeconfigFile = "" } = living.world.kubernetes;
  const target = { name: "dev", kubeconfig: readFileSync(kubeconfigFile, "utf8"), folder: "/" };
  const live = openLive(target, 16, signal);
  const given: MeasureArguments = parseMeasure(["--stack", "dev", "--seconds", "1", ...args]);
  try {
    const data = await measureCluster({
      live,
      given,
      modes,
      reach: async (name) => outside(living, name),
      confirm: confirm ?? (() => Promise.resolve()),
      say: (line) => void said.push(line),
      teller,
      sample:
        "A sample: from a simulated cluster, where the real tools ran on the loopback interface of one machine. No figure here is a network's.",
    });
    return { data, said };
  } finally {
    live.cluster.close();
  }
}

export const silent: Teller = { start: () => {}, done: () => {}, fail: () => {} };

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

