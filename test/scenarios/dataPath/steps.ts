import { setTimeout as sleep } from "node:timers/promises";
import type { Space } from "../../simulator/dataPath/space.ts";
import type { Traffic } from "../../simulator/dataPath/vpc.ts";
import { at, type KubernetesObject } from "../../simulator/kubernetes/object.ts";
import { type CalicoSettings, calicoObjects, felixName, felixSpec } from "./manifests.ts";
import { addNode, endpointHost, type Lab } from "./startLab.ts";
import { nodePortService, serverPod } from "./workloads.ts";

export const nodePort = 30_080;

/** Address of node N. */
export const ipOf = (number: number) => `10.40.0.${10 + number}`;

/**
 * Waits until something holds.
 * @throws Error with what was seen last
 */
export async function until<Seen>(
  what: string,
  seconds: number,
  look: () => Promise<Seen>,
  holds: (seen: Seen) => boolean = (seen) => seen === true,
): Promise<Seen> {
  let seen = await look();
  for (const end = Date.now() + seconds * 1000; !holds(seen); seen = await look()) {
    if (Date.now() > end)
      throw new Error(`${what}: not within ${seconds} s; last seen: ${JSON.stringify(seen)}`);
    await sleep(200);
  }
  return seen;
}

/** What a server answers a machine, in one connection; `lost` when nothing comes within two seconds. */
export async function ask(from: Space, host: string, path = "/clientip", port = nodePort): Promise<string> {
  const curl = ["curl", "--silent", "--show-error", "--max-time", "2", `http://${host}:${port}${path}`];
  const { code, stdout } = await from.run(curl);
  if (code === 28) return "lost";
  return code === 0 ? stdout : `curl ended with code ${code}`;
}

/**
 * Installs Calico on nodes of the lab, and waits until it is ready on all of them.
 * @param elsewhere nodes that are in the second subnet
 */
export async function bringUp(
  lab: Lab,
  nodes: number,
  settings: Omit<CalicoSettings, "endpointHost">,
  elsewhere: readonly number[] = [],
): Promise<void> {
  for (const object of calicoObjects({ ...settings, endpointHost }))
    await lab.api.apply(object, { manager: "operator" });
  await Promise.all(
    Array.from({ length: nodes }, (_, index) => index + 1).map((number) =>
      addNode(lab, number, elsewhere.includes(number) ? 1 : 0),
    ),
  );
  await ready(lab, nodes);
}

/** Waits until calico-node is ready on `nodes` nodes, by its own probe. */
export async function ready({ api }: Lab, nodes: number, seconds = 150): Promise<void> {
  const name = {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "calico-node", namespace: "calico-system" },
  };
  await until(
    "calico-node ready",
    seconds,
    async () => Number(at(await api.get(name), "status.numberReady") ?? 0),
    (count) => count === nodes,
  );
}

/** A server on one node behind a NodePort, answering through that node. */
export async function serve(lab: Lab, node: number): Promise<void> {
  await lab.api.apply(serverPod("web", `n${node}`, { app: "web" }), { manager: "test" });
  await lab.api.apply(nodePortService("web", "web", nodePort), { manager: "test" });
  await until("an answer through the NodePort", 60, async () =>
    (await ask(lab.client, ipOf(node))).startsWith("10."),
  );
}

/** Changes the configuration of Felix, as the program or a user does. */
export async function configure({ api }: Lab, spec: object): Promise<void> {
  await api.merge(felixName, { spec }, "test");
}

export const felixOf = (settings: Omit<CalicoSettings, "endpointHost">) =>
  felixSpec({ ...settings, endpointHost });

/** Bytes and packets that each node has sent and received during something. */
export async function trafficDuring(
  { dataPath }: Lab,
  act: () => Promise<unknown>,
): Promise<Map<string, Traffic>> {
  const before = await dataPath.vpc.traffic();
  await act();
  const after = await dataPath.vpc.traffic();
  return new Map(
    [...after].map(([name, now]) => {
      const then = before.get(name) ?? now;
      return [
        name,
        {
          sentBytes: now.sentBytes - then.sentBytes,
          sentPackets: now.sentPackets - then.sentPackets,
          receivedBytes: now.receivedBytes - then.receivedBytes,
          receivedPackets: now.receivedPackets - then.receivedPackets,
        },
      ];
    }),
  );
}

/** Runs a command in the container of a pod. */
export async function inPod(
  { dataPath }: Lab,
  node: number,
  pod: string,
  argv: readonly string[],
): Promise<string> {
  const container = dataPath.node(`n${node}`).pod("default", pod)?.container("agnhost");
  if (container === undefined) throw new Error(`no pod ${pod} on n${node}`);
  const { code, stdout, stderr } = await container.run(argv);
  return code === 0 ? stdout : `code ${code}: ${stderr.trim()}`;
}

/** Runs a command in calico-node on a node. */
export async function inCalicoNode(
  { dataPath }: Lab,
  node: number,
  argv: readonly string[],
): Promise<string> {
  const pod = dataPath.node(`n${node}`).pods.find((one) => one.pod.metadata.namespace === "calico-system");
  const ended = await pod?.container("calico-node")?.run(argv);
  return ended === undefined ? "" : `${ended.stdout}${ended.stderr}`;
}

export function named(apiVersion: string, kind: string, name: string, namespace?: string): KubernetesObject {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}
