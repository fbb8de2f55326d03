import { beforeEach, describe, expect, it } from "vitest";
import { Cluster, deployment, endpoint, felixKey, host, installation, namespace } from "./cluster.ts";

let cluster: Cluster;

beforeEach(() => {
  cluster = new Cluster();
});

const dns = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "kube-proxy", namespace: "kube-system" },
};

describe("the operator's pod", () => {
  it("runs on the first node, with the cluster's name and port, and brings its kinds", async () => {
    await cluster.startOperator(1);

    expect(cluster.kubernetes.operator.available).toBe(true);
    expect(cluster.kubernetes.operator.podNeeds).toBeUndefined();
    expect(cluster.api.serves(installation())).toBe(true);
  });

  it("brings its kinds no sooner than it has started", () => {
    cluster.apply(namespace, endpoint, deployment());
    cluster.join(1);

    expect(cluster.kubernetes.operator.available).toBe(false);
    expect(cluster.api.serves(installation())).toBe(false);
  });

  it("brings no kinds when its node is gone before it has started", async () => {
    cluster.apply(namespace, endpoint, deployment());
    cluster.join(1);
    cluster.instances.clear();
    await cluster.idle();

    expect(cluster.api.serves(installation())).toBe(false);
  });

  it("needs a node", async () => {
    await cluster.startOperator(0);

    expect(cluster.kubernetes.operator.available).toBe(false);
    expect(cluster.kubernetes.operator.podNeeds).toBe("a node on which the operator's pod can run");
    cluster.join(1);
    await cluster.idle();
    expect(cluster.kubernetes.operator.available).toBe(true);
  });

  it("needs its Deployment", () => {
    expect(cluster.kubernetes.operator.podNeeds).toBe("there to be a Deployment tigera-operator");
  });

  it("needs the node's own DNS, because CoreDNS waits for Calico", async () => {
    cluster.apply(namespace, endpoint, deployment("ClusterFirstWithHostNet"));
    cluster.join(1);
    await cluster.idle();

    expect(cluster.kubernetes.operator.available).toBe(false);
    expect(cluster.kubernetes.operator.podNeeds).toBe(
      `the operator's pod to resolve ${host}: dnsPolicy ClusterFirstWithHostNet asks CoreDNS, which waits for Calico`,
    );
  });

  it("needs the API server's address", async () => {
    cluster.apply(namespace, deployment());
    cluster.join(1);
    await cluster.idle();

    expect(cluster.kubernetes.operator.podNeeds).toBe(
      "ConfigMap kubernetes-services-endpoint: without it the pod needs kube-proxy",
    );
    expect(cluster.kubernetes.operator.available).toBe(false);
  });

  it("does not need it where kube-proxy runs", async () => {
    cluster.apply(namespace, deployment(), dns);
    cluster.join(1);
    await cluster.idle();

    expect(cluster.kubernetes.operator.available).toBe(true);
  });

  it.each([
    ["another host", { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" }, "10.0.0.1:443"],
    [
      "the chart's own port",
      { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: "6443" },
      `${host}:6443`,
    ],
  ])("gets no answer at %s", async (_, data, address) => {
    cluster.apply(namespace, { ...endpoint, data }, deployment());
    cluster.join(1);
    await cluster.idle();

    expect(cluster.kubernetes.operator.podNeeds).toBe(`the API server to answer at ${address}`);
    expect(cluster.kubernetes.operator.available).toBe(false);
  });

  it("is gone with the last node, and comes back with the next", async () => {
    await cluster.startOperator(1);
    cluster.instances.clear();
    cluster.activity.changed();
    expect(cluster.kubernetes.operator.available).toBe(false);
    cluster.join(2);
    await cluster.idle();
    expect(cluster.kubernetes.operator.available).toBe(true);
  });
});

describe("a cluster that is gone", () => {
  it("takes all objects and kinds with it", async () => {
    await cluster.startOperator();
    cluster.apply(installation());
    await cluster.idle();
    cluster.endpointHost = undefined;
    cluster.activity.changed();

    expect(cluster.api.list().map(({ metadata }) => metadata.name)).toEqual(["default", "kube-system"]);
    expect(cluster.api.serves(installation())).toBe(false);
    expect(cluster.kubernetes.operator.available).toBe(false);
  });

  it("takes the kinds even where no object is left", async () => {
    await cluster.startOperator();
    for (const { apiVersion, kind, metadata } of [deployment(), endpoint, namespace]) {
      cluster.api.delete([apiVersion, kind, metadata.namespace ?? "", metadata.name].join("/"));
    }
    cluster.endpointHost = undefined;
    cluster.activity.changed();

    expect(cluster.api.serves(installation())).toBe(false);
  });

  it("leaves a next cluster to start from nothing", async () => {
    await cluster.startOperator();
    cluster.apply(installation());
    await cluster.idle();
    cluster.endpointHost = undefined;
    cluster.instances.clear();
    cluster.activity.changed();
    cluster.endpointHost = host;
    await cluster.startOperator();
    cluster.apply(installation());
    await cluster.idle();

    expect(cluster.ready).toBe("True: ");
    expect(cluster.at(felixKey, "spec.bpfEnabled")).toBe(true);
  });
});
