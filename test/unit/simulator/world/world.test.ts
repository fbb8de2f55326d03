import { expect, it } from "vitest";
import { startWorld } from "../../../simulator/world/world.ts";

it("a new world serves three providers, and nothing is there yet", async () => {
  const world = await startWorld({ region: "eu-west-1" });
  try {
    expect(world.debugProviders).toMatch(/^aws:\d+,eks:\d+,kubernetes:\d+$/);
    expect(world.cloud.endpointHost()).toBeUndefined();
    expect([...world.cloud.instances.keys()]).toEqual([]);
    expect(world.kubernetes.api.list().map(({ metadata }) => metadata.name)).toEqual([
      "default",
      "kube-system",
    ]);
  } finally {
    world.stop();
  }
});
