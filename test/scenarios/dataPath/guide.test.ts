import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, type KubernetesObject } from "../../simulator/kubernetes/object.ts";
import { presentNodePrograms } from "../../toolchain/calicoNode.ts";
import { presentKubernetesTools } from "../../toolchain/kubernetesTools.ts";
import { bringInServer, underLoad } from "./load/underLoad.ts";
import { felixName } from "./manifests.ts";
import { controlPlaneIp, type Lab, startLab } from "./startLab.ts";
import { ask, bringUp, inCalicoNode, inPod, ipOf, named, ready, serve, until } from "./steps.ts";
import { hostPod, idlePod, nodePortService } from "./workloads.ts";

/** Three nodes in mode DSR; servers on node 3; a pod that asks on node 1. What Calico's guide warns of, on packets. */
let lab: Lab;
let serverIp = "";

beforeAll(async () => {
  const [tools, programs] = await Promise.all([presentKubernetesTools(), presentNodePrograms()]);
  if (tools === undefined || programs === undefined)
    throw new Error("the programs of the lab were not built");
  lab = await startLab(tools, programs);
  await bringUp(lab, 3, { externalServiceMode: "DSR" });
  await Promise.all([bringInServer(lab), serve(lab, 3)]);
  serverIp = String(at(await lab.api.get(named("v1", "Pod", "web", "default")), "status.podIP"));
});

afterAll(() => lab?.stop());

const fromPod = (host: string, port: number) =>
  inPod(lab, 1, "asker", ["curl", "--silent", "--max-time", "2", `http://${host}:${port}/hostname`]);

const calicoNode = (node: number) => {
  const found = lab.dataPath
    .node(`n${node}`)
    .pods.find(({ pod }) => pod.metadata.labels?.["k8s-app"] === "calico-node");
  if (found === undefined) throw new Error(`no calico-node on n${node}`);
  return found;
};

/** Deletes calico-node on a node; its DaemonSet makes another. */
async function deleteCalicoNode(node: number): Promise<void> {
  const { name, namespace, uid } = calicoNode(node).pod.metadata;
  await lab.api.delete(named("v1", "Pod", name, namespace), { gracePeriodSeconds: 1 });
  await until("the next calico-node", 60, async () => {
    const { pods } = lab.dataPath.node(`n${node}`);
    const all = pods.filter(({ pod }) => pod.metadata.labels?.["k8s-app"] === "calico-node");
    return all.length === 1 && all[0]?.pod.metadata.uid !== uid;
  });
}

describe("jumbo frames", () => {
  const ping = (bytes: number) =>
    inPod(lab, 1, "asker", ["ping", "-M", "do", "-c", "1", "-W", "2", "-s", String(bytes - 28), serverIp]);

  it("carry packets of 8951 bytes between pods of two nodes, and none that are larger", async () => {
    expect(await ping(8951)).toMatch(/ 1 received/);
    expect(await ping(8952)).toMatch(/^code/);
  });
});

describe("what the control plane calls", () => {
  it("is reached on the host's network, and not at a pod's own address", async () => {
    await lab.api.apply(hostPod("hook", "n1", 8443), { manager: "test" });
    const get = (host: string, port: number) => answerTo(controlPlaneIp, host, port);
    await until("the webhook on the host's network", 60, async () => (await get(ipOf(1), 8443)) === "200");
    expect(await get(serverIp, 8080)).toBe("nothing");
    // The pod itself is well.
    expect(await fromPod(serverIp, 8080)).toBe("web");
  });
});

/** Status of an HTTP answer to a connection from an address of the VPC; `nothing`: none came. */
async function answerTo(from: string, host: string, port: number): Promise<string> {
  const attempt = lab.dataPath.vpc.sockets.connect(host, port, from).then(
    (socket) =>
      new Promise<string>((resolve) => {
        socket.on("error", () => resolve("nothing"));
        socket.once("data", (data) => resolve(/^HTTP\/1.1 (\d+)/.exec(String(data))?.[1] ?? "nothing"));
        socket.write(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      }),
    () => "nothing",
  );
  const late = new Promise<string>((resolve) => setTimeout(resolve, 4000, "nothing"));
  return Promise.race([attempt, late]);
}

describe("a node in iptables mode among nodes in eBPF mode", () => {
  const ownOf = (node: number) => ({
    ...felixName,
    metadata: { name: `node.n${node}` },
    spec: { bpfEnabled: false },
  });

  it("drops NodePorts, and is cut off from the pods of the others", async () => {
    const own = ownOf(2);
    await lab.api.apply(idlePod("apart", "n2"), { manager: "test" });
    const apart = () =>
      inPod(lab, 2, "apart", [
        "curl",
        "--silent",
        "--max-time",
        "2",
        `http://${serverIp}:8080/hostname`,
      ]).catch(String);
    await until("a pod on node 2", 60, async () => (await apart()) === "web");
    expect(await ask(lab.client, ipOf(2))).toMatch(/^10\.40\.200\.50:/);
    await lab.api.apply(own, { manager: "test" });
    await until(
      "NodePorts lost",
      60,
      async () => (await ask(lab.client, ipOf(2))).startsWith("10.") === false,
    );
    expect(await inCalicoNode(lab, 2, ["bpftool", "net"])).not.toMatch(/eth0.*cali_tc/);
    expect(await apart()).toMatch(/^code 28/);
    // The others go on.
    expect(await ask(lab.client, ipOf(1))).toMatch(/^10\.40\.200\.50:/);
    expect(await fromPod(serverIp, 8080)).toBe("web");
    await lab.api.delete(own);
    await until("NodePorts back", 60, async () => (await ask(lab.client, ipOf(2))).startsWith("10."));
  });

  it("takes its own pods from the NodePorts of all others", async () => {
    const through = (node: number) => ask(lab.client, ipOf(node));
    const own = ownOf(3);
    await lab.api.apply(own, { manager: "test" });
    await until("NodePorts lost", 60, async () => !(await through(1)).startsWith("10."));
    await until(
      "node 3 without programs",
      60,
      async () => !/eth0.*cali_tc/.test(await inCalicoNode(lab, 3, ["bpftool", "net"])),
    );
    expect([await through(1), await through(2)]).toEqual(["lost", "lost"]);
    // What a pod of a node in eBPF mode begins gets there, in Calico 3.28.5; not the other way round.
    expect(await fromPod(serverIp, 8080)).toBe("web");
    // What does not run there goes on.
    const apiServer = ["curl", "--silent", "--insecure", "--max-time", "2", "https://172.20.0.1/livez"];
    expect(await inPod(lab, 1, "asker", apiServer)).toBe("ok");
    await lab.api.delete(own);
    await until("NodePorts back", 60, async () => (await through(1)).startsWith("10."));
    await until("pods back", 60, async () => (await fromPod(serverIp, 8080)) === "web");
  });
});

describe("calico-node that is started anew", () => {
  /** Which table of connections its programs use; empty: there is none. */
  const connectionTable = () =>
    inCalicoNode(lab, 1, [
      "sh",
      "-c",
      "bpftool -j map show pinned /sys/fs/bpf/tc/globals/cali_v4_ct? | grep -o '\"id\":[0-9]*'",
    ]);
  const afterRestart = async () => {
    await deleteCalicoNode(1);
    await ready(lab, 3, 60);
    await until("an answer", 60, async () => (await fromPod(serverIp, 8080)) === "web");
    return connectionTable();
  };

  it("takes up its connections where a BPF file system holds its maps", async () => {
    const before = await connectionTable();
    expect(before).toMatch(/^"id":\d+/);
    expect(await afterRestart()).toBe(before);
  });
});

describe("a Felix that is killed", () => {
  const fresh: KubernetesObject = nodePortService("fresh", "echo", 30_091, 9090);
  const isKnown = async () =>
    (await inCalicoNode(lab, 1, ["calico-node", "-bpf", "nat", "dump"])).includes(" port 30091 ");

  it("costs no connection, but nothing new is taken in until it is back", async () => {
    // Not this command itself, which names them, too.
    const stopAll = "pkill -STOP -f 'calicoNode[.]sh'; pkill -KILL -f 'calico-node -feli[x]'";
    const goOn = () =>
      Promise.all(
        [1, 3].map((node) =>
          lab.dataPath.node(`n${node}`).space.must(["pkill", "-CONT", "-f", "calicoNode[.]sh"]),
        ),
      );
    try {
      const figures = await underLoad(lab, 12, async () => {
        for (const node of [1, 3]) await lab.dataPath.node(`n${node}`).space.must(["sh", "-c", stopAll]);
        await lab.api.apply(fresh, { manager: "test" });
      });
      process.stdout.write(`Felix killed: ${JSON.stringify(figures)}\n`);
      for (const [kind, one] of Object.entries(figures)) {
        expect({ kind, ...one }).toMatchObject({ kind, longAlive: 5 });
        // One of a hundred may time out on a machine that is busy with something else.
        expect(one.newFailed / one.newOf).toBeLessThan(0.03);
      }
      expect(await isKnown()).toBe(false);
    } finally {
      await goOn();
    }
    await until("the service that is new", 60, isKnown);
  });
});

describe("a node whose BPF file system is not mounted", () => {
  it("goes on with the programs that it has, and calico-node does not start again", async () => {
    const { space } = lab.dataPath.node("n1");
    await space.must(["umount", "-l", "/sys/fs/bpf"]);
    await deleteCalicoNode(1);
    await until("what Felix says of it", 60, async () =>
      calicoNode(1).log("calico-node").join("\n").includes("error creating bpf maps"),
    );
    expect(await fromPod(serverIp, 8080)).toBe("web");
    await space.must(["mount", "-t", "bpf", "bpf", "/sys/fs/bpf"]);
    await deleteCalicoNode(1);
    await ready(lab, 3, 60);
    await until("an answer", 30, async () => (await fromPod(serverIp, 8080)) === "web");
  });
});
