import type { MeasureData } from "../../../infra/commands/measure/comparison.ts";
import { type ModeName, type ModeSettings, ModeSwitch } from "../../../infra/commands/measure/modes.ts";
import type { MeasureArguments } from "../../../infra/commands/measure/options.ts";
import type { Outside } from "../../../infra/commands/measure/outside.ts";
import { measureCluster } from "../../../infra/commands/measure/session.ts";
import { UserError } from "../../../infra/commands/shared/errors.ts";
import { Progress } from "../../../infra/commands/shared/progress.ts";
import { openLive } from "../../../infra/commands/verify/session.ts";
import type { LabNodes } from "../../simulator/realKubernetes/labNodes.ts";
import { RealKubernetes } from "../../simulator/realKubernetes/realKubernetes.ts";
import type { Instance } from "../../simulator/world/instance.ts";
import type { Up } from "../rehearsal.ts";
import { targetIn } from "./targetIn.ts";

const concurrency = 16;

interface MeasuredOptions {
  /** Name of the stack. */
  readonly stack: string;
  /** Folder of the project. */
  readonly root: string;
  /** The stack file's settings. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The mode that they are. */
  readonly home: ModeSettings;
  readonly modes: ModeName[];
  readonly given: Pick<MeasureArguments, "only" | "repeats" | "seconds" | "services">;
  readonly say: (line: string) => void;
}

/** Runs on the real data path what `npm run measure` runs on a cluster on AWS, with a client in the VPC. */
export async function measureUp({ engine, world }: Up, options: MeasuredOptions): Promise<MeasureData> {
  const { kubernetes } = world;
  const { stack, root, config, home, modes, given, say } = options;
  const lab = kubernetes instanceof RealKubernetes ? kubernetes.lab : undefined;
  if (lab === undefined || !(kubernetes instanceof RealKubernetes))
    throw new UserError("--measure: needs real packets. Add --data-path real.");
  const target = await targetIn({ engine, kubernetes, stack, root });
  const live = openLive(target, concurrency, new AbortController().signal);
  const switching = new ModeSwitch(home, async (settings) => {
    const { kubeProxy, ...calico } = settings ?? home;
    const own = config["calico-ebpf-eks:calico"] as object | undefined;
    await engine.configure({
      ...config,
      "calico-ebpf-eks:calico": { ...own, ...calico },
      "calico-ebpf-eks:kubeProxy": kubeProxy,
    });
    await engine.up();
  });
  lab.dataPath?.countPrograms();
  try {
    return await measureCluster({
      live,
      given: { ...given, modes, client: "client", imageRegistry: undefined },
      modes: switching,
      reach: () => outside(lab, [...world.cloud.instances.values()]),
      busySeconds: () => lab.dataPath?.busySeconds ?? Number.NaN,
      say,
      teller: new Progress(process.stdout),
    });
  } finally {
    live.cluster.close();
  }
}

/** A machine in another subnet of the VPC. */
async function outside(lab: LabNodes, [instance]: readonly Instance[]): Promise<Outside> {
  const [first, second] = instance?.privateIp.split(".") ?? [];
  const subnet = `${first}.${second}.200`;
  const connection = { ip: `${subnet}.50`, prefixLength: 24, gateway: `${subnet}.1` };
  const space = await lab.dataPath?.addClient("client", connection);
  if (space === undefined) throw new Error("there is no node yet");
  return {
    name: "a machine in the VPC",
    addresses: [connection.ip],
    run: async (command, timeoutSeconds) => {
      const { code, stdout, stderr } = await space.run(command, { timeoutSeconds });
      return code === 0 || stdout !== "" ? stdout : stderr;
    },
  };
}
