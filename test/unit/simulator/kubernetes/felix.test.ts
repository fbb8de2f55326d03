import { beforeEach, describe, expect, it } from "vitest";
import { Cluster, deployment, endpoint, felix, installation } from "./cluster.ts";

let cluster: Cluster;

beforeEach(() => {
  cluster = new Cluster();
});

async function install(nodes = 2): Promise<void> {
  await cluster.startOperator(nodes);
  cluster.apply(felix(), installation());
  await cluster.idle();
}

function problems(): Record<string, string> {
  const reports = cluster.kubernetes.operator.reports();
  return Object.fromEntries(
    reports.flatMap(({ nodeName, problem }) => (problem === undefined ? [] : [[nodeName, problem]])),
  );
}

function checks(): boolean[] {
  return [...cluster.instances.values()].map(({ sourceDestCheck }) => sourceDestCheck);
}

describe("calico-node and Typha", () => {
  it("names the node that cannot reach it, and whom it tries", async () => {
    cluster.closed.add("i-2");
    await install();

    expect(problems()).toEqual({
      "ip-10-40-0-2": "cannot connect to Typha on ip-10-40-0-1: TCP 5473 is closed between the nodes",
    });
    expect(cluster.ready).toBe(
      `False: calico-node on ip-10-40-0-2 is not ready: ${problems()["ip-10-40-0-2"]}`,
    );
    expect(checks()).toEqual([false, true]);
  });

  it("reaches the Typha on its node past every rule", async () => {
    cluster.closed.add("i-1");
    await install();

    expect(problems()).toEqual({});
  });

  it.each([
    { nodes: 1, typhas: 1 },
    { nodes: 2, typhas: 1 },
    { nodes: 3, typhas: 2 },
    { nodes: 4, typhas: 2 },
    { nodes: 5, typhas: 3 },
  ])("has $typhas of it on $nodes nodes", async ({ nodes, typhas }) => {
    for (let number = 1; number <= nodes; number += 1) cluster.closed.add(`i-${number}`);
    await install(nodes);

    expect(nodes - Object.keys(problems()).length).toBe(typhas);
  });
});

describe("the source/destination check", () => {
  it("is turned off on every node", async () => {
    await install();

    expect(checks()).toEqual([false, false]);
  });

  it("stays on without the permission, and the node says so", async () => {
    cluster.mayTurnCheckOff = false;
    await install(1);

    expect(checks()).toEqual([true]);
    expect(problems()).toEqual({
      "ip-10-40-0-1":
        "Failed to set source-destination-check: UnauthorizedOperation: not allowed to perform ec2:ModifyNetworkInterfaceAttribute on eni-1",
    });
  });

  it("is turned off once the permission is there", async () => {
    cluster.mayTurnCheckOff = false;
    await install();
    cluster.mayTurnCheckOff = true;
    cluster.activity.changed();

    expect(checks()).toEqual([false, false]);
    expect(cluster.ready).toBe("True: ");
  });

  it("is left on, without harm, where Felix is not configured to turn it off", async () => {
    await cluster.startOperator();
    cluster.apply(felix({}), installation());
    await cluster.idle();

    expect(checks()).toEqual([true, true]);
    expect(problems()).toEqual({});
  });

  it("is not touched by looking at the nodes", async () => {
    await install();
    for (const instance of cluster.instances.values()) instance.sourceDestCheck = true;
    cluster.kubernetes.operator.reports();

    expect(checks()).toEqual([true, true]);
  });
});

describe("a kernel", () => {
  it.each(["5.9.0-1.el8.x86_64", "4.18.0-305.el8.x86_64"])(
    "%s falls back to iptables, and is ready",
    async (kernel) => {
      await cluster.startOperator(0);
      cluster.join(1, kernel);
      await cluster.idle();
      cluster.apply(felix(), installation());
      await cluster.idle();

      expect(cluster.kubernetes.operator.reports()).toEqual([
        { nodeName: "ip-10-40-0-1", ready: true, bpf: false },
      ]);
      expect(cluster.ready).toBe("True: ");
    },
  );

  it.each(["5.10.0", "6.1.0-9-cloud-amd64", "10.0"])("%s carries eBPF", async (kernel) => {
    await cluster.startOperator(0);
    cluster.join(1, kernel);
    await cluster.idle();
    cluster.apply(felix(), installation());
    await cluster.idle();

    expect(cluster.kubernetes.operator.reports().map(({ bpf }) => bpf)).toEqual([true]);
  });
});

describe("the API server, for calico-node", () => {
  beforeEach(() => install(1));

  it("cannot be reached where the endpoint says another address", () => {
    cluster.apply({
      ...endpoint,
      data: { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" },
    });

    expect(problems()).toEqual({ "ip-10-40-0-1": "cannot reach the API server at 10.0.0.1:443" });
  });

  it("cannot be reached without the endpoint, once kube-proxy is gone", () => {
    cluster.api.delete("v1/ConfigMap/tigera-operator/kubernetes-services-endpoint");

    expect(problems()).toEqual({
      "ip-10-40-0-1": "cannot reach the API server: the service's address needs kube-proxy",
    });
  });

  it("cannot be resolved with the DNS policy that calico-node inherits from the operator", () => {
    cluster.apply(deployment("ClusterFirst"));

    expect(problems()).toEqual({
      "ip-10-40-0-1":
        "cannot resolve abc.gr7.eu-west-1.eks.amazonaws.com: dnsPolicy ClusterFirst asks CoreDNS, which waits for Calico",
    });
  });
});
