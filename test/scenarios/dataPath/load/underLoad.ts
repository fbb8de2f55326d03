import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { at } from "../../../simulator/kubernetes/object.ts";
import type { Lab } from "../startLab.ts";
import { ipOf, named, until } from "../steps.ts";
import { echoPod, idlePod, nodePortService } from "../workloads.ts";
import { type Losses, type LossFigures, lossFigures } from "./losses.ts";

/** The kinds of connections that a switch is judged by. */
export const kinds = [
  "NodePort, another node",
  "NodePort, own node",
  "pod to service",
  "pod to pod",
] as const;

export type Kind = (typeof kinds)[number];

const echoNodePort = 30_090;
const client = fileURLToPath(new URL("client.ts", import.meta.url));

/** For a pod, and for the rules of a service, on a machine that does much else. */
const startSeconds = 120;

interface PodStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly containerStatuses?: unknown;
}

/** Seconds that the load runs before anything changes. */
const calmSeconds = 5;

/**
 * The pods on node 1 that connect, one for each kind. Without Calico's connect-time balancer, which this kernel may not
 * run (skew.ts), a pod that reaches a service from a port which it used within half a minute for the server itself gets
 * no answer: the two connections have one entry in the table of connections. One pod for both kinds meets that by chance.
 */
const askers = { "pod to service": "asker", "pod to pod": "caller" } as const;

/** Brings in what the load is sent to: a server on node 3, and pods on node 1 that connect to it. */
export async function bringInServer(lab: Lab): Promise<void> {
  await lab.api.apply(echoPod("echo", "n3", { app: "echo" }), { manager: "test" });
  for (const name of Object.values(askers)) await lab.api.apply(idlePod(name, "n1"), { manager: "test" });
  await lab.api.apply(nodePortService("echo", "echo", echoNodePort, 9090), { manager: "test" });
  // Each for itself: a busy machine takes its time, and what fails says where.
  for (const name of ["echo", ...Object.values(askers)]) {
    const pod = named("v1", "Pod", name, "default");
    const isReady = (seen: unknown) => /"Ready":"True"/.test(String(seen));
    await until(
      `pod ${name} ready`,
      startSeconds,
      async () => {
        const { conditions = [], containerStatuses } = (at(await lab.api.get(pod), "status") ??
          {}) as PodStatus;
        const found = Object.fromEntries(conditions.map(({ type, status }) => [type, status]));
        return JSON.stringify({ ...found, containers: containerStatuses });
      },
      isReady,
    );
  }
  await until("the server of the load", startSeconds, async () => {
    const open = `exec 3<>/dev/tcp/${ipOf(3)}/${echoNodePort}; echo hello >&3; head -1 <&3`;
    return (await lab.client.run(["timeout", "2", "bash", "-c", open])).stdout === "hello\n";
  });
}

/**
 * Lets connections of every kind be made and kept while something changes.
 * @param seconds how long, from the change on
 * @returns what each kind lost
 */
export async function underLoad(
  lab: Lab,
  seconds: number,
  change: () => Promise<unknown>,
): Promise<Record<Kind, LossFigures>> {
  const serverIp = String(at(await lab.api.get(named("v1", "Pod", "echo", "default")), "status.podIP"));
  const service = await lab.api.get(named("v1", "Service", "echo", "default"));
  const serviceIp = String(at(service, "spec.clusterIP"));
  const containerOf = (name: string) => {
    const container = lab.dataPath.node("n1").pod("default", name)?.container("agnhost");
    if (container === undefined) throw new Error(`no pod ${name}`);
    return container;
  };
  const targets: Record<Kind, readonly [string, number]> = {
    "NodePort, another node": [ipOf(1), echoNodePort],
    "NodePort, own node": [ipOf(3), echoNodePort],
    "pod to service": [serviceIp, 80],
    "pod to pod": [serverIp, 9090],
  };
  const whole = calmSeconds + seconds;
  const loads = kinds.map(async (kind): Promise<[Kind, LossFigures]> => {
    const argv = [process.execPath, client, ...targets[kind].map(String), String(whole)];
    const from = kind === "pod to service" || kind === "pod to pod" ? containerOf(askers[kind]) : lab.client;
    const { code, stdout, stderr } = await from.run(argv, { timeoutSeconds: whole + 40 });
    if (code !== 0) throw new Error(`load ${kind}: ${stderr}`);
    return [kind, lossFigures(JSON.parse(stdout) as Losses)];
  });
  await sleep(calmSeconds * 1000);
  await change();
  return Object.fromEntries(await Promise.all(loads)) as Record<Kind, LossFigures>;
}
