import { expect, it, onTestFinished } from "vitest";
import { nodeMetrics } from "../../../../../infra/commands/verify/checks/metrics.ts";
import { listOf, liveAt, startFakeApi } from "./fakeApi.ts";

const node = (name: string, status = "True") => ({
  metadata: { name },
  status: { conditions: [{ type: "Ready", status }] },
});
const measured = (name: string) => ({ metadata: { name }, usage: { cpu: "182m", memory: "912Mi" } });

async function check(metrics: readonly object[], available: object | undefined) {
  const api = await startFakeApi({
    "/api/v1/nodes": listOf(node("one"), node("two"), node("away", "False")),
    "/apis/metrics.k8s.io/v1beta1/nodes": listOf(...metrics),
    ...(available === undefined
      ? {}
      : {
          "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io": {
            metadata: { name: "v1beta1.metrics.k8s.io" },
            status: { conditions: [{ type: "Available", ...available }] },
          },
        }),
  });
  onTestFinished(() => api.stop());
  const live = liveAt(api.url);
  return { applies: await nodeMetrics.appliesTo?.(live), findings: await nodeMetrics.run(live) };
}

it("passes for every ready node that has metrics", async () => {
  expect(await check([measured("one"), measured("two")], { status: "True" })).toEqual({
    applies: true,
    findings: [
      { node: "one", verdict: "passed", evidence: "CPU 182m, memory 912Mi" },
      { node: "two", verdict: "passed", evidence: "CPU 182m, memory 912Mi" },
    ],
  });
});

it("fails for a ready node that has none", async () => {
  expect((await check([measured("one")], { status: "True" })).findings).toEqual([
    { node: "one", verdict: "passed", evidence: "CPU 182m, memory 912Mi" },
    { node: "two", verdict: "failed", evidence: "no metrics" },
  ]);
});

it("fails where the control plane does not reach metrics-server, in the API server's words", async () => {
  const message = "failing or missing response from https://10.40.0.5:4443: context deadline exceeded";

  expect((await check([], { status: "False", message })).findings).toEqual([
    { verdict: "failed", evidence: `APIService v1beta1.metrics.k8s.io is not available: ${message}` },
  ]);
});

it("does not apply to a cluster without a metrics API", async () => {
  expect((await check([], undefined)).applies).toBe("the cluster has no metrics API");
});
