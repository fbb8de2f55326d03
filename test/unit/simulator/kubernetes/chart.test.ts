import { describe, expect, it } from "vitest";
import { chart } from "../../../simulator/kubernetes/chart.ts";
import type { Child } from "../../../simulator/protocol/component.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";

const controller: Values = {
  chart: "aws-load-balancer-controller",
  repositoryOpts: { repo: "https://charts.example.com" },
  version: "3.5.0",
  namespace: "kube-system",
  values: { clusterName: "dev", hostNetwork: true, webhookBindPort: 9443 },
};

/** What a chart registers. */
async function children(inputs: Values): Promise<Child[]> {
  const found: Child[] = [];
  const self = { urn: "urn:chart", id: "", state: {} };
  await chart({
    type: "kubernetes:helm.sh/v4:Chart",
    name: "alb",
    inputs,
    providers: { kubernetes: "urn:provider::id" },
    registerSelf: async () => self,
    register: async (child) => {
      found.push(child);
      return { urn: `urn:${child.name}`, id: child.name, state: {} };
    },
  });
  return found;
}

describe("A chart in memory", () => {
  it("makes a resource of every object, a Deployment after what it needs", async () => {
    const found = await children(controller);

    expect(found.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "kubernetes:core/v1:ServiceAccount alb:kube-system/aws-load-balancer-controller",
      "kubernetes:core/v1:Service alb:kube-system/aws-load-balancer-webhook-service",
      "kubernetes:apps/v1:Deployment alb:kube-system/aws-load-balancer-controller",
      "kubernetes:admissionregistration.k8s.io/v1:MutatingWebhookConfiguration alb:aws-load-balancer-webhook",
    ]);
    expect(found[2]?.dependsOn).toEqual([
      "urn:alb:kube-system/aws-load-balancer-controller",
      "urn:alb:kube-system/aws-load-balancer-webhook-service",
    ]);
  });

  it("fills in the program's values, over the chart's defaults", async () => {
    const [, , deployment] = await children(controller);

    expect(deployment?.inputs["spec"]).toMatchObject({
      replicas: 2,
      template: {
        spec: {
          hostNetwork: true,
          containers: [{ image: "public.ecr.aws/eks/aws-load-balancer-controller:v3.5.0" }],
        },
      },
    });
  });

  it("waits for nothing when it is not to", async () => {
    const found = await children({ ...controller, skipAwait: true });

    expect(found.map(({ inputs }) => inputs["metadata"])).toEqual(
      Array(found.length).fill(expect.objectContaining({ annotations: { "pulumi.com/skipAwait": "true" } })),
    );
  });

  it.each([
    ["an unknown chart", { chart: "alb" }, 'chart "alb" not found in https://charts.example.com repository'],
    [
      "another version",
      { version: "9.9.9" },
      'chart "aws-load-balancer-controller" version "9.9.9" not found in https://charts.example.com repository',
    ],
    [
      "a value that the chart does not have",
      { values: { clustername: "dev", image: { registry: "x" } } },
      "chart aws-load-balancer-controller has no value clustername, image.registry",
    ],
    [
      "a value that the operator's chart does not have",
      { chart: "tigera-operator", version: "v3.32.4", values: { apiserver: { enabled: false } } },
      "chart tigera-operator has no value apiserver",
    ],
  ])("refuses %s", async (_, change, message) => {
    await expect(children({ ...controller, ...change })).rejects.toThrow(message);
  });

  it("takes anything inside a mapping that the chart leaves empty", async () => {
    const found = await children({ ...controller, values: { defaultTags: { team: "platform" } } });

    expect(found).toHaveLength(4);
  });
});
