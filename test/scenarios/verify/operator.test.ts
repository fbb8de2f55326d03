import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onRealParts, parts } from "../realKubernetes/parts.ts";
import { Verified, wrong } from "./verified.ts";

let verified: Verified;

beforeAll(async () => {
  if (parts !== undefined) verified = await Verified.start();
}, 300_000);

afterAll(() => verified?.end());

const installation = {
  apiVersion: "operator.tigera.io/v1",
  kind: "Installation",
  metadata: { name: "default" },
} as const;

/** Time for calico-node's readiness to come round. */
const soon = { timeout: 20_000, interval: 500 };

describe.skipIf(parts === undefined)(`${onRealParts}, verify`, { timeout: 60_000 }, () => {
  it("fails calico-node on the one node that cannot reach Typha, and what the operator says of it", async () => {
    const { cloud, activity } = verified.living.world;
    // Typha runs on the first.
    const [, instance] = [...cloud.instances.values()];
    const { securityGroupIds = [], nodeName = "" } = instance ?? {};
    const moveTo = (groups: readonly string[]) => {
      Object.assign(instance ?? {}, { securityGroupIds: groups });
      activity.changed();
    };

    moveTo([]);
    try {
      await expect
        .poll(async () => wrong(await verified.judged("calico-node")), soon)
        .toEqual([
          expect.stringMatching(
            new RegExp(`^${nodeName}: pod calico-node-\\w+ is not ready: .*cannot connect to Typha`),
          ),
        ]);
      await expect
        .poll(async () => wrong(await verified.judged("operator-status")), soon)
        .toEqual([
          expect.stringMatching(
            /^calico is degraded: Pod calico-system\/calico-node-\w+ is running but not ready$/,
          ),
        ]);
    } finally {
      moveTo(securityGroupIds);
    }
    await expect.poll(async () => wrong(await verified.judged("calico-node")), soon).toEqual([]);
    await expect.poll(async () => wrong(await verified.judged("operator-status")), soon).toEqual([]);
  });

  it("names the field of Installation that is not as the stack says", async () => {
    const change = (nodeMetricsPort: number) =>
      verified.api.merge(installation, { spec: { nodeMetricsPort } }, "someone");

    await change(9191);
    try {
      expect(wrong(await verified.judged("installation"))).toEqual([
        "Installation default: spec.nodeMetricsPort is 9191, the stack says 9091",
      ]);
    } finally {
      await change(9091);
    }
    expect(wrong(await verified.judged("installation"))).toEqual([]);
  });
});
