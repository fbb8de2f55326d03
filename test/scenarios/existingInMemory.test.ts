import { afterEach, describe, expect, it } from "vitest";
import { EngineError } from "../rehearsal/engine.ts";
import { backToIptables } from "../support/existing.ts";
import type { Cluster } from "../unit/simulator/kubernetes/cluster.ts";
import { contents, keys, type Stack, seededCluster, stackOn } from "./existingInMemory.ts";

let stack: Stack | undefined;

afterEach(() => stack?.end());

async function taken(): Promise<{
  cluster: Cluster;
  engine: Stack["engine"];
  before: ReturnType<typeof contents>;
}> {
  const cluster = await seededCluster();
  const before = contents(cluster);
  stack = await stackOn(cluster);
  await stack.engine.up();
  expect(cluster.at(keys.felix, "spec.bpfEnabled")).toBe(true);
  expect(cluster.kubernetes.kubeProxy()).toBe("Parked");
  return { cluster, engine: stack.engine, before };
}

const onlySame = { same: expect.any(Number) };

describe("a cluster that is there", { timeout: 180_000 }, () => {
  it("gets everything back by a refresh and a destroy, and drift detection before finds nothing, twice", async () => {
    const { cluster, engine, before } = await taken();

    expect(await engine.drift()).toEqual(onlySame);
    expect(await engine.drift()).toEqual(onlySame);
    await engine.refresh();
    expect(await engine.preview()).toEqual(onlySame);
    await engine.destroy();

    expect(cluster.kubernetes.kubeProxy()).toBe("Running");
    expect(contents(cluster)).toEqual(before);
  });

  it("whose CoreDNS was removed by hand keeps kube-proxy parked at a destroy, and gets it back after a refresh", async () => {
    const { cluster, engine } = await taken();
    cluster.api.delete(keys.coreDns);

    const error = await engine.destroy().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(EngineError);
    expect(String(error)).toContain("this Patch resource is currently managing a required field");
    expect(cluster.kubernetes.kubeProxy()).toBe("Parked");

    await engine.refresh();
    await engine.destroy();

    expect(cluster.kubernetes.kubeProxy()).toBe("Running");
    expect(cluster.at(keys.felix, "spec.bpfEnabled")).toBe(false);
  });

  it.each([true, false])(
    "with an operator that died gets kube-proxy back by an up that cannot end well, refreshed: %s",
    async (isRefreshed) => {
      const { cluster, engine } = await taken();
      // Without a node its pod is away.
      cluster.instances.clear();
      cluster.activity.changed();
      stack?.configure(backToIptables);

      const error = await engine.up(undefined, [], isRefreshed).catch((thrown: unknown) => thrown);

      expect(cluster.kubernetes.kubeProxy()).toBe("Running");
      expect(cluster.at(keys.installation, "spec.calicoNetwork.linuxDataplane")).toBe("Iptables");
      expect(String(error)).toContain("timed out waiting for the condition");
    },
  );

  it("restores a field of this program after a manual patch, and keeps other fields of the patch", async () => {
    const { cluster, engine } = await taken();
    const patch = { spec: { bpfExternalServiceMode: "Tunnel", logSeverityScreen: "Debug" } };
    cluster.api.merge(keys.felix, patch, "kubectl-patch");

    await engine.refresh();
    await engine.up();

    expect(cluster.at(keys.felix, "spec.bpfExternalServiceMode")).toBe("DSR");
    expect(cluster.at(keys.felix, "spec.logSeverityScreen")).toBe("Debug");
  });
});
