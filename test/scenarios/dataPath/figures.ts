import { fileURLToPath } from "node:url";
import { at } from "../../simulator/kubernetes/object.ts";
import type { Lab } from "./startLab.ts";
import { named, until } from "./steps.ts";

const connectClient = fileURLToPath(new URL("load/connectLatency.ts", import.meta.url));

/** Creates services in front of the server until there are `count` of them. */
export async function growServices({ api }: Lab, count: number): Promise<void> {
  const name = (index: number) => `many-${index}`;
  const make = async (index: number) => {
    await api.apply(
      {
        ...named("v1", "Service", name(index), "default"),
        spec: { selector: { app: "echo" }, ports: [{ port: 80, targetPort: 9090 }] },
      },
      { manager: "test" },
    );
  };
  const present = new Set(
    (
      (await api.client.send({ method: "GET", path: "/api/v1/namespaces/default/services" }))["items"] as {
        metadata: { name: string };
      }[]
    ).map(({ metadata }) => metadata.name),
  );
  const missing = Array.from({ length: count }, (_, index) => index).filter(
    (index) => !present.has(name(index)),
  );
  for (let from = 0; from < missing.length; from += 50) {
    await Promise.all(missing.slice(from, from + 50).map(make));
  }
}

/**
 * Median time to connect from the pod on node 1 to the service that was made last, in microseconds, once the node has
 * taken it in.
 */
export async function connectMicroseconds(lab: Lab, services: number, connections = 400): Promise<number> {
  const last = await lab.api.get(named("v1", "Service", `many-${services - 1}`, "default"));
  const ip = String(at(last, "spec.clusterIP"));
  const pod = lab.dataPath.node("n1").pod("default", "asker")?.container("agnhost");
  if (pod === undefined) throw new Error("no pod asks");
  const run = (count: number) =>
    pod.run([process.execPath, connectClient, ip, "80", String(count)], { timeoutSeconds: 120 });
  await until(`service ${services}`, 120, async () => (await run(1)).code === 0);
  const { code, stdout, stderr } = await run(connections);
  if (code !== 0) throw new Error(stderr);
  return Number(stdout);
}
