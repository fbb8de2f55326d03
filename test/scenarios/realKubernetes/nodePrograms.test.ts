import { PassThrough } from "node:stream";
import { CoreV1Api, Exec, KubeConfig, Log, type V1Status } from "@kubernetes/client-node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Living, startLiving } from "./living.ts";
import { onRealParts, parts } from "./parts.ts";

let living: Living | undefined;
const config = new KubeConfig();
let pod = { name: "", nodeName: "" };

beforeAll(async () => {
  if (parts === undefined) return;
  living = await startLiving();
  expect(await living.up()).toBe("");
  config.loadFromFile(living.world.kubernetes.kubeconfigFile ?? "");
  const { items } = await config
    .makeApiClient(CoreV1Api)
    .listNamespacedPod({ namespace: "calico-system", labelSelector: "k8s-app=calico-node" });
  pod = { name: items[0]?.metadata?.name ?? "", nodeName: items[0]?.spec?.nodeName ?? "" };
}, 300_000);

beforeEach(() => living?.world.kubernetes.nodes?.mend());

afterAll(() => living?.end());

/** What a command prints in calico-node, and the status that the API server reports at its end. */
async function run(...command: string[]): Promise<{ text: string; status: V1Status }> {
  const stdout = new PassThrough();
  const chunks: Buffer[] = [];
  stdout.on("data", (chunk) => chunks.push(chunk));
  const status = await new Promise<V1Status>((resolve, reject) => {
    new Exec(config)
      .exec(
        "calico-system",
        pod.name,
        "calico-node",
        command,
        stdout,
        new PassThrough(),
        null,
        false,
        resolve,
      )
      .catch(reject);
  });
  return { text: Buffer.concat(chunks).toString(), status };
}

describe.skipIf(parts === undefined)(`${onRealParts}, calico-node`, () => {
  it("runs a command on its own node, with the environment of its pod", async () => {
    const { text, status } = await run(
      "bash",
      "-c",
      "cat /proc/sys/kernel/osrelease; echo $KUBERNETES_SERVICE_HOST; calico-node -bpf nat dump | grep -c 'proto 6'",
    );

    const [kernel, host, services] = text.split("\n");
    expect(kernel).toMatch(/^6\.12\.\d+-.*amzn2023\.x86_64$/);
    expect(host).toBe(living?.world.cloud.endpointHost());
    expect(Number(services)).toBeGreaterThan(0);
    expect(status.status).toBe("Success");
  });

  it("has no other programs than its image", async () => {
    expect((await run("curl", "http://10.0.0.1")).status.message).toContain("exit status 127");
  });

  it("says on one node alone what is broken there", async () => {
    living?.world.kubernetes.nodes?.break(pod.nodeName, { natTables: "empty" });

    expect((await run("calico-node", "-bpf", "nat", "dump")).text).toBe("");
  });

  it("shows its log, as many lines as are asked for", async () => {
    const stream = new PassThrough();
    const chunks: Buffer[] = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    await new Promise<void>((resolve, reject) => {
      stream.once("end", resolve);
      new Log(config).log("calico-system", pod.name, "calico-node", stream, { tailLines: 2 }).catch(reject);
    });

    const lines = Buffer.concat(chunks).toString().trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain("BPF enabled, starting BPF endpoint manager and map manager.");
  });
});
