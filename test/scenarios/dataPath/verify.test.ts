import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checks } from "../../../infra/commands/verify/checks/index.ts";
import type { KubernetesObject } from "../../simulator/kubernetes/object.ts";
import { felixName } from "./manifests.ts";
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

/** Changes what a node's security groups let in and out; returns what takes it back. */
async function changeRules(
  index: number,
  change: (rules: NonNullable<ReturnType<typeof rulesOf>>) => ReturnType<typeof rulesOf>,
): Promise<() => Promise<void>> {
  const before = rulesOf(index);
  if (before === undefined) throw new Error("the node has no security group");
  const rules = change(before);
  if (rules === undefined) throw new Error("no rules");
  await stack.dataPath.vpc.change(new Map([[name(index), { rules }]]));
  return () => stack.dataPath.vpc.change(new Map([[name(index), { rules: before }]]));
}

const rulesOf = (index: number) => stack.dataPath.vpc.portOf(name(index))?.rules;

/** Without the rule that lets a port in, and EC2 says the same. */
async function closePort(index: number, port: number): Promise<() => Promise<void>> {
  const open = await changeRules(index, (rules) => {
    const ingress = rules.ingress.filter(({ ports }) => ports?.[0] !== port);
    expect(ingress.length).toBeLessThan(rules.ingress.length);
    return { ...rules, ingress };
  });
  stack.lies = { rules: (all) => all.filter(({ isEgress, fromPort }) => isEgress || fromPort !== port) };
  return async () => {
    stack.lies = {};
    await open();
  };
}

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
    const applying = [...outcomes.values()].filter(({ verdict }) => verdict !== "not applicable");
    expect(applying.flatMap(wrongIn)).toEqual([]);
    expect(applying.length).toBe(checks.length - 2);
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
    const open = await closePort(0, 4789);
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
});
