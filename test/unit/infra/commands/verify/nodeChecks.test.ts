import { afterEach, expect, it } from "vitest";
import type { Outcome } from "../../../../../infra/commands/verify/check.ts";
import { checks } from "../../../../../infra/commands/verify/checks/index.ts";
import { judge } from "../../../../../infra/commands/verify/suite.ts";
import { ClusterError } from "../../../../../infra/kubernetes/errors.ts";
import { type NodeOutput, nodeOutput, recorded } from "../../../../support/nodeOutput.ts";
import { type FakeApi, listOf, liveAt, startFakeApi } from "./fakeApi.ts";

const long = "2026-01-01T00:00:00Z";

function node(name: string): object {
  return {
    metadata: { name },
    status: { nodeInfo: { kernelVersion: "6.18.44", operatingSystem: "linux" } },
  };
}

function calicoNode(nodeName: string): object {
  return {
    metadata: { name: `calico-node-${nodeName}`, namespace: "calico-system" },
    spec: { nodeName, containers: [{ name: "calico-node", image: "calico/node:v3.32.1" }] },
    status: { phase: "Running" },
  };
}

function service(name: string, clusterIP: string, port: number, creationTimestamp = long): object {
  return {
    metadata: { name, namespace: "default", creationTimestamp },
    spec: { clusterIPs: [clusterIP], ports: [{ port }] },
  };
}

/** Services whose frontends are in the recorded table. */
const services = [service("kubernetes", "172.20.0.1", 443), service("web", "172.20.226.15", 80)];

let api: FakeApi | undefined;

afterEach(async () => {
  await api?.stop();
  api = undefined;
});

interface Change {
  /** What the look into node `b` prints otherwise, or why nothing is seen; node `a` is healthy. */
  readonly b?: Partial<NodeOutput> | Error;
  readonly further?: readonly object[];
}

/** Result of a check on two nodes. */
async function judged(name: string, { b = {}, further = [] }: Change = {}): Promise<Outcome> {
  const found = checks.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no check ${name}`);
  api = await startFakeApi({
    "/api/v1/nodes": listOf(node("a"), node("b")),
    "/api/v1/pods": listOf(calicoNode("a"), calicoNode("b")),
    "/api/v1/services": listOf(...services, ...further),
    "/api/v1/namespaces/default/services/late": service("late", "172.20.9.9", 80),
  });
  const live = liveAt(api.url, { endpoint: "https://10.0.0.1:6443" });
  const exec = async ({ pod }: { readonly pod: string }) => {
    if (pod === "calico-node-b" && b instanceof Error) throw b;
    return {
      stdout: nodeOutput(pod === "calico-node-b" && !(b instanceof Error) ? b : {}),
      stderr: "",
      exitCode: 0,
    };
  };
  Object.defineProperty(live.cluster, "exec", { value: exec });
  return judge(found, live);
}

/** Checks that look into nodes, and start nothing. */
const looking = checks.filter(({ needs }) => needs.includes("exec") && !needs.includes("workloads"));

it("the checks that look into nodes are seven", () => {
  expect(looking.map(({ name }) => name)).toEqual([
    "kernel",
    "bpf-file-system",
    "ebpf-mode",
    "service-table",
    "endpoint-in-use",
    "endpoint-answers",
    "kube-proxy-rules",
  ]);
});

it.each(looking.map(({ name }) => name))("%s passes nodes that print what healthy ones do", async (name) => {
  const { verdict, findings } = await judged(name);

  expect(findings.map((one) => [one.node, one.verdict])).toEqual([
    ["a", "passed"],
    ["b", "passed"],
  ]);
  expect(verdict).toBe("passed");
});

it.each([
  [
    "kernel",
    { kernel: "5.4.0-1-generic\n#1\n" },
    /5\.4\.0-1-generic .*the BPF dataplane needs 5\.10 or newer$/,
  ],
  [
    "bpf-file-system",
    { mounts: "bpf /run/bpf bpf rw 0 0\n" },
    /^no BPF file system is mounted at \/sys\/fs\/bpf$/,
  ],
  [
    "ebpf-mode",
    { net: recorded("v3.28.5-off-bpftool-net") },
    /^no eBPF program of Calico is attached to an interface of the node$/,
  ],
  [
    "ebpf-mode",
    { net: "tc:\ncali58d1121ff1b(6) clsact/ingress cali_tc_preambl:[1] id 1\n" },
    /^no eBPF program of Calico is attached to an interface of the node$/,
  ],
  [
    "ebpf-mode",
    { net: "tc:\neni58d1121ff1b(6) clsact/ingress cali_tc_preambl:[1] id 1\n" },
    /^no eBPF program of Calico is attached to an interface of the node$/,
  ],
  ["service-table", { table: "" }, /^the service table is empty$/],
  [
    "service-table",
    { table: recorded("v3.28.5-off-nat-dump") },
    /^the service table is empty: .*cali_v4_nat_fe3: no such file or directory$/,
  ],
  ["kube-proxy-rules", { rules: "12\n" }, /^12 rules mention a KUBE-SVC chain$/],
  [
    "endpoint-answers",
    { connecting: "exit code 124\n" },
    /^10\.0\.0\.1:6443 does not answer: no connection within 5 s$/,
  ],
  [
    "endpoint-in-use",
    { endpoint: "old.example.com:443\n" },
    /^it runs with old\.example\.com:443, but the endpoint is 10\.0\.0\.1:6443$/,
  ],
] as const)("%s fails the one node that prints %j", async (name, b, evidence) => {
  const { verdict, findings } = await judged(name, { b });

  expect(verdict).toBe("failed");
  expect(findings.filter((one) => one.verdict !== "passed")).toEqual([
    { node: "b", verdict: "failed", evidence: expect.stringMatching(evidence) },
  ]);
});

it("service-table names a service that has not reached a table in ten seconds, and at no node a younger one", async () => {
  const young = service("late", "172.20.9.9", 80, new Date().toISOString());
  expect((await judged("service-table", { further: [young] })).verdict).toBe("passed");
  await api?.stop();

  const late = await judged("service-table", { further: [service("late", "172.20.9.9", 80)] });
  expect(late.findings.map((one) => [one.node, one.evidence])).toEqual(
    ["a", "b"].map((name) => [
      name,
      "1 of 3 service ports are not in the table: default/late 172.20.9.9:80/tcp",
    ]),
  );
});

it("a node that cannot be looked into is unknown, and the other is not", async () => {
  const { verdict, findings } = await judged("bpf-file-system", {
    b: new ClusterError(404, "pod calico-node-b is gone (404)"),
  });

  expect(verdict).toBe("unknown");
  expect(findings).toEqual([
    { node: "a", verdict: "passed", evidence: "mounted" },
    { node: "b", verdict: "unknown", evidence: "pod calico-node-b is gone (404)" },
  ]);
});
