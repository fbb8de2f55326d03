import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { allowDnsAndApiServer, denyByDefault } from "../../../components/specs/networkPolicies.ts";
import { run as runHere } from "../../simulator/dataPath/command.ts";
import { run } from "../verify/command.ts";
import { StackOnLab } from "./stackOnLab.ts";
import { named, until } from "./steps.ts";
import { idlePod, serverPod } from "./workloads.ts";

/** A stack that is up on real packets: what the program's policies leave open, and two faults of a node. */
let stack: StackOnLab;

vi.setConfig({ testTimeout: 300_000 });

beforeAll(async () => {
  stack = await StackOnLab.start();
});

afterAll(() => stack?.end());

/** Checks that do not pass on node 1. */
async function failingOnSecond(names: readonly string[]): Promise<string[]> {
  const { name } = stack.node(1);
  const outcomes = [...(await stack.verify(names)).values()];
  return outcomes
    .filter(({ findings }) => findings.some(({ node, verdict }) => node === name && verdict !== "passed"))
    .map((outcome) => outcome.name);
}

describe("a namespace with the program's default deny", () => {
  const policy = (name: string, spec: object) => ({
    ...named("networking.k8s.io/v1", "NetworkPolicy", name, "default"),
    spec,
  });

  async function inside(...argv: string[]): Promise<string> {
    const ended = await stack.node(1).pod("default", "inside")?.container("agnhost")?.run(argv);
    return ended?.code === 0 ? ended.stdout.trim() : `code ${ended?.code}`;
  }
  const curl = (url: string) => inside("curl", "--silent", "--insecure", "--max-time", "2", url);
  const resolves = async () =>
    (await inside("nslookup", "-timeout=2", "kubernetes.default.svc.cluster.local")).includes("172.20.0.1");
  const server = () => curl(`http://${stack.node(0).pod("default", "web")?.ip}:8080/hostname`);
  const apiServer = () => curl("https://172.20.0.1/livez");

  it("reaches DNS and the API server, as one policy of it allows, and no other pod", async () => {
    const controlPlane = stack.living.world.cloud.controlPlaneIp();
    const allowed = policy("allow-dns-and-api-server", allowDnsAndApiServer([`${controlPlane}/32`]));
    const denied = policy("default-deny", denyByDefault());
    await stack.api.apply(serverPod("web", stack.node(0).name, { app: "web" }), { manager: "test" });
    await stack.api.apply(idlePod("inside", stack.node(1).name), { manager: "test" });
    await until("an open namespace", 60, async () => (await server()) === "web" && (await resolves()));

    for (const object of [allowed, denied]) await stack.api.apply(object, { manager: "test" });
    await until("denial", 30, async () => (await server()) === "code 28");
    expect([await resolves(), await apiServer()]).toEqual([true, "ok"]);

    await stack.api.delete(allowed);
    await until("neither", 30, async () => !(await resolves()) && (await apiServer()) === "code 28");
    await stack.api.delete(denied);
    await until("an open namespace again", 30, async () => (await server()) === "web" && (await resolves()));
  });
});

describe("a node", () => {
  it("whose connections to the API server are dropped fails endpoint-answers alone", async () => {
    const open = await stack.changeRules(1, (rules) => ({
      ...rules,
      // All but 443, by which nodes reach the API server.
      egress: (
        [
          [1, 442],
          [444, 65_535],
        ] as const
      ).flatMap((range) =>
        (["tcp", "udp"] as const).map((protocol) => ({ protocol, ports: range, peers: ["0.0.0.0/0"] })),
      ),
    }));
    const names = ["ebpf-mode", "service-table", "endpoint-in-use", "endpoint-answers"];
    expect(await failingOnSecond(names)).toEqual(["endpoint-answers"]);
    await open();
    expect(await failingOnSecond(names)).toEqual([]);
  });

  it("whose calico-node has no BPF file system any more fails bpf-file-system", async () => {
    const names = ["ebpf-mode", "bpf-file-system", "endpoint-answers"];
    // That of the node lies under its own.
    const unmount = ["sh", "-c", "while umount --lazy /sys/fs/bpf 2>/dev/null; do :; done"];
    expect(await stack.calicoNode(1).container("calico-node")?.run(unmount)).toMatchObject({ code: 0 });
    expect(await failingOnSecond(names)).toEqual(["bpf-file-system"]);
    await stack.restartCalicoNode(1);
    await until("a node that is well", 90, async () => (await failingOnSecond(names)).length === 0);
  });
});

describe("npm run diagnose", () => {
  it("collects the programs, services and connections of every node", async () => {
    const folder = mkdtempSync(join(tmpdir(), "diagnose-lab-"));
    try {
      const file = join(folder, "diagnosis.tar.gz");
      const admin = stack.living.world.kubernetes.kubeconfigFile ?? "";
      const ran = await run("diagnose", ["--kubeconfig", admin, "--output", file], stack.awsEnvironment);
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      expect(await runHere(["tar", "-xzf", file, "-C", folder])).toMatchObject({ code: 0 });
      const [inside = ""] = readdirSync(folder).filter((name) => !name.endsWith(".tar.gz"));
      for (const { name, ip } of [stack.node(0), stack.node(1)]) {
        const read = (what: string) =>
          readFileSync(join(folder, inside, "nodes", name, `${what}.txt`), "utf8");
        expect(read("programs")).toMatch(/eth0.* cali_tc_preambl/);
        expect(read("nat")).toMatch(/^172\.20\.0\.1 port 443 proto 6 /m);
        expect(read("conntrack")).toContain(ip);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
