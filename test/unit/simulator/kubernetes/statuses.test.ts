import { beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import { Cluster, installation } from "./cluster.ts";

let cluster: Cluster;

beforeEach(async () => {
  cluster = new Cluster();
  await cluster.startOperator();
});

const apiServer: KubernetesObject = {
  apiVersion: "operator.tigera.io/v1",
  kind: "APIServer",
  metadata: { name: "default" },
  spec: {},
};

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
}

/** `Available True`, and what it is degraded by; undefined: there is no such status. */
function statusOf(name: string): string | undefined {
  const key = `operator.tigera.io/v1/TigeraStatus//${name}` as const;
  const conditions = cluster.at(key, "status.conditions") as readonly Condition[] | undefined;
  if (conditions === undefined) return undefined;
  const degraded = conditions.find(({ type }) => type === "Degraded")?.message;
  return `${conditions.find(({ type }) => type === "Available")?.status} ${degraded}`.trim();
}

describe("the operator's statuses", () => {
  it("are all Available once Calico runs and DNS answers", async () => {
    cluster.apply(installation(), apiServer);
    cluster.kubernetes.onAddon({ kind: "created", name: "coredns", clusterName: "dev" });
    await cluster.idle();

    expect(["calico", "ippools", "apiserver", "tiers"].map(statusOf)).toEqual([
      "True",
      "True",
      "True",
      "True",
    ]);
  });

  it("without DNS leave Calico's API server out, whose pod has the host's network and asks DNS", async () => {
    cluster.apply(installation(), apiServer);
    await cluster.idle();

    expect(cluster.ready).toBe("True: ");
    expect(statusOf("ippools")).toBe("True");
    expect(statusOf("apiserver")).toBe(
      "False calico-apiserver cannot resolve the API server's name: CoreDNS is not there",
    );
    expect(statusOf("tiers")).toBe("False Waiting for Tigera API server to be ready");
  });

  it("without Calico's API server have none of it, and tiers that never become Available", async () => {
    cluster.apply(installation());
    cluster.kubernetes.onAddon({ kind: "created", name: "coredns", clusterName: "dev" });
    await cluster.idle();

    expect(statusOf("apiserver")).toBeUndefined();
    expect(statusOf("tiers")).toBe("False Waiting for Tigera API server to be ready");
    expect(statusOf("calico")).toBe("True");
  });
});
