import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checks } from "../../../infra/commands/verify/checks/index.ts";
import type { KubernetesObject } from "../../simulator/kubernetes/object.ts";
import { felixName } from "./manifests.ts";
import { StackOnLab, wrongIn } from "./stackOnLab.ts";
import { named, until } from "./steps.ts";

/**
 * The stack of the tests, up on real packets: two nodes, the real operator, Typha, CoreDNS. Node 0 has the only backend of
 * the checks' NodePort, node 1 gets the requests from outside.
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
    expect([...outcomes.values()].flatMap(wrongIn)).toEqual([]);
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
