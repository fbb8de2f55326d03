import { beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { Cluster, deployment, felixKey, installation, installationKey, pool } from "./cluster.ts";

let cluster: Cluster;

beforeEach(async () => {
  cluster = new Cluster();
  await cluster.startOperator();
});

async function install(object: KubernetesObject = installation()): Promise<void> {
  cluster.apply(object);
  await cluster.idle();
}

function pools(): unknown {
  return cluster.at(installationKey, "spec.calicoNetwork.ipPools");
}

function owners(): string[] {
  return cluster.api.owners(installationKey, "spec", "calicoNetwork", "ipPools");
}

describe("the pools of an Installation", () => {
  it("stay the program's when every field is given, and updates pass", async () => {
    await install();

    expect(pools()).toEqual([pool]);
    expect(owners()).toEqual(["program"]);
    await install(installation("BPF", [{ ...pool, natOutgoing: "Disabled" }]));
    expect(pools()).toEqual([{ ...pool, natOutgoing: "Disabled" }]);
  });

  it("are filled in and become the operator's when a field is left out", async () => {
    await install(installation("BPF", [{ cidr: "10.244.0.0/16", blockSize: 24 }]));

    expect(pools()).toEqual([{ ...pool, cidr: "10.244.0.0/16", blockSize: 24, encapsulation: "IPIP" }]);
    expect(owners()).toEqual(["operator"]);
  });

  it("cannot be updated once they are the operator's", async () => {
    const half = installation("BPF", [{ cidr: "192.168.0.0/16" }]);
    await install(half);

    expect(() => cluster.api.apply(half, "program", { dryRun: true })).toThrow(
      'Apply failed with 1 conflict: conflict with "operator" using operator.tigera.io/v1: .spec.calicoNetwork.ipPools',
    );
  });

  it("are named after their range where there are several", async () => {
    await install(installation("BPF", [{ cidr: "10.1.0.0/16" }, { cidr: "10.2.0.0/16" }]));

    expect((pools() as Values[]).map(({ name }) => name)).toEqual(["10.1.0.0-16", "10.2.0.0-16"]);
  });

  it("are one of the operator's own where none is named", async () => {
    await install({ ...installation(), spec: { calicoNetwork: { linuxDataplane: "BPF" } } });

    expect(pools()).toEqual([{ ...pool, cidr: "172.16.0.0/16" }]);
  });

  it.each([
    [{ bgp: "Disabled" }, "IPIP encapsulation requires that BGP is enabled"],
    [{ bgp: "Disabled", encapsulation: "None" }, "unencapsulated IP pools require that BGP is enabled"],
    [{ bgp: "Disabled", encapsulation: "VXLAN" }, undefined],
    [{ bgp: "Disabled", encapsulation: "None", clusterRoutingMode: "Felix" }, undefined],
    [{ bgp: "Enabled" }, undefined],
  ] as const)("without BGP need VXLAN, or Felix to program the routes: %j", async (settings, refusal) => {
    const { encapsulation, ...network } = settings as Record<string, string>;
    const ipPools = [{ cidr: "10.244.0.0/16", ...(encapsulation === undefined ? {} : { encapsulation }) }];
    await install({
      ...installation(),
      spec: { calicoNetwork: { linuxDataplane: "BPF", ipPools, ...network } },
    });

    expect(cluster.ready).toBe(
      refusal === undefined
        ? "True: "
        : `False: Invalid Installation provided: with BIRD cluster routing mode, ${refusal}`,
    );
    expect(cluster.api.get("apps/v1/DaemonSet/calico-system/calico-node") === undefined).toBe(
      refusal !== undefined,
    );
  });

  it("are none where the program says none", async () => {
    await install(installation("BPF", []));

    expect(pools()).toEqual([]);
    expect(owners()).toEqual(["program"]);
  });
});

describe("the condition Ready", () => {
  it("is True when calico-node is ready on every node, for the present generation", async () => {
    await install();

    expect(cluster.ready).toBe("True: ");
    expect(cluster.at(installationKey, "status.conditions.0.observedGeneration")).toBe(1);
    expect([...cluster.instances.values()].map(({ ready }) => ready)).toEqual([true, true]);
  });

  it("is False while calico-node starts", () => {
    cluster.apply(installation());

    expect(cluster.ready).toBe(
      "False: calico-node on ip-10-40-0-1 is not ready: it is still starting; calico-node on ip-10-40-0-2 is not ready: it is still starting",
    );
  });

  it("is False again while a further node starts", async () => {
    await install();
    cluster.join(3);

    expect(cluster.ready).toBe("False: calico-node on ip-10-40-0-3 is not ready: it is still starting");
    await cluster.idle();
    expect(cluster.ready).toBe("True: ");
  });

  it("stays with the old generation until a change has reached every node", async () => {
    await install();
    cluster.apply(installation("Iptables"));

    expect(cluster.api.get(installationKey)?.metadata.generation).toBe(2);
    expect(cluster.at(installationKey, "status.conditions.0.observedGeneration")).toBe(1);
    await cluster.idle();
    expect(cluster.at(installationKey, "status.conditions.0.observedGeneration")).toBe(2);
  });

  it("is for the generation that the operator's own defaults made", async () => {
    await install(installation("BPF", [{ cidr: "192.168.0.0/16" }]));

    expect(cluster.api.get(installationKey)?.metadata.generation).toBe(2);
    expect(cluster.at(installationKey, "status.conditions.0.observedGeneration")).toBe(2);
  });
});

describe("deleting the Installation", () => {
  it("waits for the operator, which then takes calico-node away", async () => {
    await install();
    cluster.api.delete(installationKey);

    expect(cluster.api.get(installationKey)).toBeUndefined();
    expect(cluster.api.get("apps/v1/DaemonSet/calico-system/calico-node")).toBeUndefined();
    expect(cluster.api.get(felixKey)).toBeDefined();
  });

  it("hangs when the operator is gone before it", async () => {
    await install();
    cluster.api.delete("apps/v1/Deployment/tigera-operator/tigera-operator");
    cluster.api.delete(installationKey);
    await cluster.idle();

    expect(cluster.at(installationKey, "metadata.finalizers")).toEqual([
      "tigera.io/operator-cleanup",
      "operator.tigera.io/installation-controller",
    ]);
    cluster.apply(deployment());
    await cluster.idle();
    expect(cluster.api.get(installationKey)).toBeUndefined();
  });

  it("leaves room for a new one, which starts anew", async () => {
    await install();
    cluster.api.delete(installationKey);
    cluster.apply(installation());
    expect(cluster.ready).toContain("it is still starting");
    await cluster.idle();
    expect(cluster.ready).toBe("True: ");
  });
});

it("without a node nothing updates the Installation: its condition is the last one that was written", async () => {
  await install();
  cluster.instances.clear();
  cluster.activity.changed();

  expect(cluster.ready).toBe("True: ");
  expect(cluster.kubernetes.operator.reports()).toEqual([]);
});
