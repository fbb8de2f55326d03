import { beforeEach, describe, expect, it } from "vitest";
import { checkCluster } from "../../rehearsal/checks.ts";
import type { Values } from "../../simulator/protocol/provider.ts";
import type { KubernetesDouble } from "../../simulator/world/kubernetesDouble.ts";
import type { World } from "../../simulator/world/world.ts";
import { type SettingsChange, settings } from "../../support/settings.ts";
import { Cluster, felix, installation } from "../simulator/kubernetes/cluster.ts";

const apiServer = {
  apiVersion: "operator.tigera.io/v1",
  kind: "APIServer",
  metadata: { name: "default" },
};

const coreDns = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "coredns", namespace: "kube-system" },
};

let cluster: Cluster;
let addons: string[];
let nodeGroupStatus: string;

beforeEach(async () => {
  cluster = new Cluster();
  addons = ["coredns"];
  nodeGroupStatus = "ACTIVE";
  await cluster.startOperator();
  cluster.apply(felix(), installation(), apiServer, coreDns);
  await cluster.idle();
});

/** What does not hold, by check. */
function failures(changes: SettingsChange = {}): Record<string, readonly string[]> {
  const objects: Record<string, { id: string; inputs: Values; outputs: Values }[]> = {
    "aws:eks/addon:Addon": addons.map((addonName) => ({ id: addonName, inputs: { addonName }, outputs: {} })),
    "aws:eks/nodeGroup:NodeGroup": [{ id: "dev:default", inputs: {}, outputs: { status: nodeGroupStatus } }],
  };
  const aws = { ofType: (type: string) => objects[type] ?? [] };
  const { cloud, kubernetes } = cluster;
  const world = { aws, cloud, kubernetes } as unknown as World<KubernetesDouble>;
  const failed = checkCluster(world, settings(changes)).filter((one) => one.failures.length > 0);
  return Object.fromEntries(failed.map((one) => [one.name, one.failures]));
}

describe("a cluster as it should be", () => {
  it("fails no check", () => {
    expect(failures()).toEqual({});
  });
});

describe("a check fails", () => {
  it("for a node too few", () => {
    cluster.instances.delete("i-2");

    expect(failures()).toEqual({ "every pool has its nodes, and all are Ready": ["1 of 2 nodes"] });
  });

  it("for a node that is not Ready, or whose calico-node has not started", () => {
    cluster.instances.delete("i-2");
    cluster.join(3);

    expect(failures()).toMatchObject({
      "every pool has its nodes, and all are Ready": ["ip-10-40-0-3 is not Ready"],
      "calico-node is ready on every node": ["ip-10-40-0-3: it is still starting"],
    });
  });

  it("for a node group that failed", () => {
    nodeGroupStatus = "CREATE_FAILED";

    expect(failures()).toEqual({
      "every node group is ACTIVE": ["dev:default is CREATE_FAILED; replace it with pulumi up --replace"],
    });
  });

  it("for a kernel that falls back to iptables where there is no kube-proxy", async () => {
    cluster.instances.delete("i-2");
    cluster.join(3, "5.4.0");
    await cluster.idle();

    expect(failures()).toEqual({
      "the dataplane is BPF on every node": ["ip-10-40-0-3 runs iptables"],
      "every node has a service handler": ["ip-10-40-0-3 has neither eBPF nor kube-proxy"],
    });
  });

  it("for another dataplane than the one set", () => {
    expect(failures({ calico: { dataplane: "Iptables" } })).toEqual({
      "the dataplane is Iptables on every node": ["ip-10-40-0-1 runs eBPF", "ip-10-40-0-2 runs eBPF"],
    });
  });

  it("for kube-proxy that differs from the setting", () => {
    expect(failures({ kubeProxy: "Parked" })).toEqual({ "kube-proxy is Parked": ["it is Absent"] });
  });

  it("for add-ons that should not be there, and for one that should", () => {
    addons = ["vpc-cni"];

    expect(failures()).toEqual({
      "there is no VPC CNI": ["vpc-cni"],
      "CoreDNS exists": ["there is no add-on coredns"],
    });
  });

  it("for a VPC CNI that is not there and should be", () => {
    expect(failures({ calico: { cni: "AmazonVPC" } })).toEqual({
      "the VPC CNI gives pods their addresses": ["there is no add-on vpc-cni"],
    });
    addons.push("vpc-cni");
    expect(failures({ calico: { cni: "AmazonVPC" } })).toEqual({});
  });

  it("for a source/destination check that is on", () => {
    for (const instance of cluster.instances.values()) instance.sourceDestCheck = instance.id === "i-1";

    expect(failures()["the source/destination check is off on every node"]).toEqual(["ip-10-40-0-1: eni-1"]);
  });
});

describe("paths between pods", () => {
  const path = "pods reach each other between every two nodes";

  it("need VXLAN under every encapsulation, for NodePorts at least", () => {
    cluster.closed.add("i-1");
    const closed = ["ip-10-40-0-1 to ip-10-40-0-2: closed, UDP 4789 (VXLAN) is not open"];

    expect(failures()[path]).toEqual(closed);
    expect(failures({ calico: { encapsulation: "None" } })[path]).toEqual(closed);
  });

  it("are closed between subnets where pods are not encapsulated, whatever the security groups say", () => {
    const second = cluster.instances.get("i-2");
    if (second === undefined) throw new Error("there is no second node");
    cluster.instances.set("i-2", { ...second, subnetId: "subnet-2" });

    expect(failures({ calico: { encapsulation: "None" } })[path]).toEqual([
      "ip-10-40-0-1 to ip-10-40-0-2: closed, the VPC does not route pod addresses between subnets",
      "ip-10-40-0-2 to ip-10-40-0-1: closed, the VPC does not route pod addresses between subnets",
    ]);
    expect(failures({ calico: { encapsulation: "VXLANCrossSubnet" } })[path]).toBeUndefined();
  });

  it("need the pods' own addresses where they are not encapsulated", () => {
    cluster.closedToPods.add("i-1");

    expect(failures()[path]).toBeUndefined();
    for (const encapsulation of ["None", "VXLANCrossSubnet"] as const) {
      expect(failures({ calico: { encapsulation } })[path]).toEqual([
        "ip-10-40-0-1 to ip-10-40-0-2: closed, 192.168.0.0/16 is not open",
      ]);
    }
  });

  it("need every port between nodes where pods have VPC addresses", () => {
    cluster.closed.add("i-1");

    expect(failures({ calico: { cni: "AmazonVPC" } })[path]).toEqual(
      ["UDP 4789 (VXLAN) is not open", "TCP 8080 of pods is not open", "UDP 53 of pods is not open"].map(
        (problem) => `ip-10-40-0-1 to ip-10-40-0-2: closed, ${problem}`,
      ),
    );
  });
});
