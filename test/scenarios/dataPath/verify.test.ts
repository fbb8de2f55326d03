import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Outcome } from "../../../infra/commands/verify/check.ts";
import { checks } from "../../../infra/commands/verify/checks/index.ts";
import { kubeProxy } from "../../simulator/dataPath/kubeProxy.ts";
import type { KubernetesObject } from "../../simulator/kubernetes/object.ts";
import { felixName } from "./manifests.ts";
import { PodIdentityAgent } from "./podIdentityAgent.ts";
import { StackOnLab, wrongIn } from "./stackOnLab.ts";
import { named, until } from "./steps.ts";

/**
 * The stack of the tests, up on real packets: two nodes, the real operator, Typha, CoreDNS. Each check of `npm run
 * verify` meets its real fault here, next to checks that are to pass all the same. Node 0 has the only backend of the
 * checks' NodePort, node 1 gets the requests from outside.
 */
let stack: StackOnLab;

// What cannot be reached is waited for, by the checks and by the API server.
vi.setConfig({ testTimeout: 300_000 });

beforeAll(async () => {
  stack = await StackOnLab.start();
});

afterAll(() => stack?.end());

const apply = (object: KubernetesObject) => stack.api.apply(object, { manager: "test", force: true });
const name = (index: number) => stack.node(index).name;

/** The source/destination check of a node's interface, in AWS and on packets. */
async function turnCheck(index: number, on: boolean): Promise<void> {
  const instances = [...stack.living.world.cloud.instances.values()];
  const instance = instances.find(({ nodeName }) => nodeName === name(index));
  if (instance === undefined) throw new Error(`no instance of node ${index}`);
  instance.sourceDestCheck = on;
  await stack.dataPath.setSourceDestCheck(instance.id, on);
}

/** Checks that find something on a node, as `check node`, sorted. */
async function failingOn(names: readonly string[]): Promise<string[]> {
  const outcomes = await stack.verify(names);
  const found = [...outcomes].flatMap(([check, { findings }]) =>
    findings.filter(({ verdict }) => verdict !== "passed").map(({ node }) => `${check} ${indexOf(node)}`),
  );
  return found.toSorted();
}

const indexOf = (node = "") => [0, 1].findIndex((index) => name(index) === node);

/** Waits until checks fail, and no others of those that are named. */
async function untilFailing(
  seconds: number,
  names: readonly string[],
  failing: readonly string[],
): Promise<void> {
  const look = () => stack.failing(names);
  const seen = await until(`${failing} failing`, seconds, look, (now) => now.join() === failing.join());
  expect(seen).toEqual(failing);
}

describe("on a cluster that is well", () => {
  it("every check passes", async () => {
    const outcomes = await stack.verify();
    const applies = ({ verdict }: Outcome) => verdict !== "not applicable";
    const all = [...outcomes.values()];
    expect(all.filter(applies).flatMap(wrongIn)).toEqual([]);
    // It has Calico's own CNI plugin, and nothing that a stack can have on top of its data path.
    const others = all.filter((one) => !applies(one)).map(({ name }) => name);
    expect(others.toSorted()).toEqual([
      "cluster-autoscaler",
      "karpenter",
      "node-metrics",
      "pod-credentials",
      "volumes",
      "vpc-cni",
    ]);
    expect(outcomes.size).toBe(checks.length);
  });
});

describe("what is wrong in the API", () => {
  it("fails for a webhook on the pod network, a load balancer under DSR and an endpoint that is not the cluster's", async () => {
    const clientConfig = { service: { namespace: "kube-system", name: "kube-dns" } };
    const webhook = {
      ...named("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "inside"),
      webhooks: [
        {
          name: "inside.example.com",
          clientConfig,
          admissionReviewVersions: ["v1"],
          sideEffects: "None",
          failurePolicy: "Ignore",
          rules: [{ apiGroups: ["none"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["none"] }],
        },
      ],
    };
    const balancer = {
      ...named("v1", "Service", "public", "default"),
      spec: { type: "LoadBalancer", selector: { app: "none" }, ports: [{ port: 80 }] },
    };
    const names = ["endpoint-config", "endpoint-in-use", "endpoint-answers", "webhooks", "load-balancers"];
    for (const object of [webhook, balancer]) await apply(object);
    expect(await stack.failing(names)).toEqual(["webhooks", "load-balancers"]);
    for (const object of [webhook, balancer]) await stack.api.delete(object);
    expect(await stack.failing(names, { endpoint: "https://other.gr7.eu-west-1.eks.amazonaws.com" })).toEqual(
      ["endpoint-config", "endpoint-in-use"],
    );
  });

  it("fails for a node whose own FelixConfiguration has it reply by the tunnel", async () => {
    const own = {
      ...felixName,
      metadata: { name: `node.${name(1)}` },
      spec: { bpfExternalServiceMode: "Tunnel" },
    };
    await apply(own);
    await untilFailing(
      60,
      ["ebpf-mode", "felix-configuration", "node-port", "client-address", "external-service-mode"],
      ["felix-configuration", "external-service-mode"],
    );
    await stack.api.delete(own);
  });
});

describe("a Felix that does not go on", () => {
  it("leaves its node with the services that it knew", async () => {
    const felix = stack.calicoNode(1).container("calico-node");
    await felix?.run(["pkill", "-STOP", "-f", "calico-node -feli[x]"]);
    await apply({
      ...named("v1", "Service", "fresh", "default"),
      spec: { selector: { app: "none" }, ports: [{ port: 80 }] },
    });
    await sleep(11_000);
    const names = ["ebpf-mode", "service-table", "endpoint-answers"];
    const wrong = [...(await stack.verify(names)).values()].flatMap(wrongIn);
    expect(wrong).toEqual([
      expect.stringMatching(`^${name(1)}: 1 of \\d+ service ports are not in the table: default/fresh `),
    ]);
    await felix?.run(["pkill", "-CONT", "-f", "calico-node -feli[x]"]);
    await stack.api.delete(named("v1", "Service", "fresh", "default"));
  });
});

describe("a network that drops", () => {
  it("VXLAN into the node of the backend: NodePorts fail through the other one", async () => {
    const open = await stack.closePort(0, 4789);
    const names = [
      "ebpf-mode",
      "service-table",
      "vxlan-allowed",
      "node-port",
      "api-from-pod",
      "largest-packet",
    ];
    expect(await stack.failing(names)).toEqual(["vxlan-allowed", "node-port", "largest-packet"]);
    await open();
  });

  it("what asks Typha: a calico-node that starts takes nothing in until it gets through, one that runs goes on", async () => {
    const typha = [0, 1].findIndex((index) => stack.runsOn(index, "calico-typha") !== undefined);
    const open = await stack.closePort(typha, 5473);
    const names = ["calico-node", "ebpf-mode", "service-new"];
    expect(await stack.failing(names)).toEqual([]);
    await stack.restartCalicoNode(1 - typha);
    await untilFailing(60, names, ["calico-node", "service-new"]);
    await open();
    await untilFailing(60, names, []);
  });

  it("what leaves the VPC, and what a node sends with the address of another", async () => {
    const open = await stack.changeRules(1, (rules) => ({
      ...rules,
      egress: [{ protocol: "-1", peers: ["10.40.0.0/16"] }],
    }));
    await turnCheck(0, true);
    const names = [
      ...["calico-node", "ebpf-mode", "service-table", "endpoint-answers", "source-destination-check"],
      ...["service-cluster-ip", "node-port", "api-from-pod", "outside"],
    ];
    expect(await failingOn(names)).toEqual(["node-port 1", "outside 1", "source-destination-check 0"]);
    await turnCheck(0, false);
    await open();
  });

  it("large packets, while CoreDNS is away", async () => {
    const { device } = stack.dataPath.vpc.portOf(name(1)) ?? { device: "" };
    const { space } = stack.dataPath.vpc;
    const coreDns = named("apps/v1", "Deployment", "coredns", "kube-system");
    await space.must(["ip", "link", "set", device, "mtu", "1500"]);
    await stack.api.merge(coreDns, { spec: { replicas: 0 } }, "test");
    const names = ["calico-node", "ebpf-mode", "service-cluster-ip", "node-port", "dns", "largest-packet"];
    expect(await stack.failing(names)).toEqual(["dns", "largest-packet"]);
    await space.must(["ip", "link", "set", device, "mtu", "9001"]);
    await stack.api.merge(coreDns, { spec: { replicas: 2 } }, "test");
  });
});

describe("the agent of EKS Pod Identity", () => {
  it("is reached by pods at its link-local address on their own node, and fails where it does not run", async () => {
    const agent = await PodIdentityAgent.start(stack.api, [stack.node(0), stack.node(1)]);
    const names = ["pod-credentials", "service-cluster-ip"];
    await untilFailing(60, names, []);
    const [outcome] = [...(await stack.verify(["pod-credentials"])).values()];
    expect(outcome?.findings.map(({ evidence }) => evidence)).toEqual([agent.answered, agent.answered]);

    await agent.keepOnlyOn(stack.node(0));
    await until(
      "no credentials on node 1",
      60,
      () => failingOn(names),
      (found) => found.join() === "pod-credentials 1",
    );
    await agent.end();
  });
});

describe("tables of services", () => {
  const table = "/sys/fs/bpf/tc/globals/cali_v4_nat_fe3";
  const felix = (index: number) => stack.calicoNode(index).container("calico-node");

  /** Deletes every entry of a node's table. */
  async function empty(index: number): Promise<void> {
    const dump = await felix(index)?.run(["bpftool", "-j", "map", "dump", "pinned", table]);
    const entries = JSON.parse(dump?.stdout ?? "") as readonly { readonly key: readonly string[] }[];
    expect(entries.length).toBeGreaterThan(3);
    const input = entries.map(({ key }) => `map delete pinned ${table} key ${key.join(" ")}\n`).join("");
    expect(await felix(index)?.run(["bpftool", "batch", "file", "-"], { input })).toMatchObject({ code: 0 });
  }

  it("that lost what they had, or take in nothing new, cost their node just that", async () => {
    await empty(0);
    // Alone: a service that another check makes would have Felix look at its table.
    expect(await failingOn(["service-table", "api-from-pod"])).toEqual(["api-from-pod 0", "service-table 0"]);
    // Nothing thaws it: from here on node 1 takes in no service.
    expect(await felix(1)?.run(["bpftool", "map", "freeze", "pinned", table])).toMatchObject({ code: 0 });
    const names = ["ebpf-mode", "service-cluster-ip", "service-new", "node-port"];
    const found = await failingOn(names);
    expect(found.filter((one) => one.endsWith(" 1"))).toEqual([
      "node-port 1",
      "service-cluster-ip 1",
      "service-new 1",
    ]);
    // It writes what is missing when it starts.
    await felix(0)?.run(["pkill", "-KILL", "-f", "calico-node -feli[x]"]);
    await until("the table of node 0", 60, async () => (await failingOn(["service-table"])).length === 0);
  });
});

describe("a kernel that is too old", () => {
  it("has its node go on in iptables mode, without services", async () => {
    const files = [
      "printf 'Linux version 4.14.355 (mockbuild@host)\\n' > /run/version && mount --bind /run/version /proc/version",
      "printf '4.14.355\\n' > /run/osrelease && mount --bind /run/osrelease /proc/sys/kernel/osrelease",
    ];
    await stack.node(1).space.must(["sh", "-ec", files.join("\n")]);
    await stack.restartCalicoNode(1);
    const names = ["kernel", "ebpf-mode", "service-cluster-ip", "node-port"];
    await until(
      "services lost on node 1",
      90,
      () => failingOn(names),
      (found) => found.join() === "ebpf-mode 1,kernel 1,node-port 1,service-cluster-ip 1",
    );
    const log = stack.calicoNode(1).log("calico-node").join("\n");
    expect(log).toMatch(/BPF dataplane mode enabled but not supported by the kernel/);
  });
});

describe("a cluster that someone has switched back to iptables by hand", () => {
  it("has kube-proxy and its rules, and hides the address of clients", async () => {
    const host = stack.living.world.cloud.endpointHost() ?? "";
    for (const object of kubeProxy(host)) await apply(object);
    await stack.api.merge(
      named("operator.tigera.io/v1", "Installation", "default"),
      { spec: { calicoNetwork: { linuxDataplane: "Iptables" } } },
      "test",
    );
    const failing = [
      ...["ebpf-mode", "kube-proxy-pods", "kube-proxy-rules", "kube-proxy-stays-away", "installation"],
      ...["felix-configuration", "client-address"],
    ];
    await untilFailing(90, [...failing, "service-cluster-ip", "node-port"], failing);
  });
});
