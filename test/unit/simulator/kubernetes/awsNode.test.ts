import { beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import {
  Cluster,
  deployment,
  endpoint,
  felixKey,
  host,
  installation,
  installationKey,
  namespace,
} from "./cluster.ts";

let cluster: Cluster;

beforeEach(() => {
  cluster = new Cluster();
});

const configuration = (env: Readonly<Record<string, string>>) => JSON.stringify({ env });

const direct = configuration({ CLUSTER_ENDPOINT: `https://${host}` });

async function installed(values: string | undefined): Promise<void> {
  const event = { kind: "created", name: "vpc-cni", clusterName: "dev" } as const;
  cluster.kubernetes.onAddon(values === undefined ? event : { ...event, configuration: values });
  await cluster.idle();
}

/** An Installation for the VPC CNI, but for the changes. */
function foreign(network: Values = {}, spec: Values = {}): KubernetesObject {
  return {
    ...installation(),
    spec: {
      cni: { type: "AmazonVPC", ipam: { type: "AmazonVPC" } },
      calicoNetwork: { linuxDataplane: "BPF", bgp: "Disabled", ...network },
      ...spec,
    },
  };
}

const ready = () => [...cluster.instances.values()].map((instance) => instance.ready);

describe("the simulated VPC CNI", () => {
  it("makes nodes Ready, without Calico and without kube-proxy, when it has the endpoint", async () => {
    cluster.join(1);
    await installed(direct);
    cluster.join(2);
    await cluster.idle();

    expect(ready()).toEqual([true, true]);
    expect(cluster.at("apps/v1/DaemonSet/kube-system/aws-node", "status.numberReady")).toBe(2);
  });

  it("finds the endpoint in capitals too, as EKS writes it", async () => {
    cluster.join(1);
    await installed(configuration({ CLUSTER_ENDPOINT: `https://${host.toUpperCase()}` }));
    await cluster.idle();

    expect(ready()).toEqual([true]);
  });

  it.each([
    ["without the permission", direct, "UnauthorizedOperation"],
    ["with another endpoint", configuration({ CLUSTER_ENDPOINT: "https://old" }), undefined],
    ["with neither endpoint nor a proxy for services", undefined, undefined],
  ])("%s leaves them as they are", async (_name, values, problem) => {
    cluster.vpcCniProblem = problem;
    cluster.join(1);
    await installed(values);

    expect(ready()).toEqual([false]);
  });

  it("makes a node Ready without an address for its pods, and finds one later", async () => {
    cluster.prefixProblem = "InsufficientCidrBlocks";
    const instance = cluster.join(1);
    await installed(direct);
    expect([instance.ready, instance.addressProblem]).toEqual([true, "InsufficientCidrBlocks"]);

    cluster.prefixProblem = undefined;
    cluster.activity.changed();
    expect(instance.addressProblem).toBeUndefined();
  });

  it.each(["kube-proxy", "eBPF"])("without an endpoint is served by %s", async (proxy) => {
    cluster.apply(namespace, endpoint, deployment());
    cluster.join(1);
    await installed(undefined);
    expect(ready()).toEqual([false]);

    if (proxy === "eBPF") cluster.apply(foreign());
    else cluster.kubernetes.onAddon({ kind: "created", name: "kube-proxy", clusterName: "dev" });
    await cluster.idle();

    expect(ready()).toEqual([true]);
  });

  it("is not there without the add-on, and no calico-node makes a node Ready in its place", async () => {
    await cluster.startOperator(1);
    cluster.apply(foreign());
    await cluster.idle();

    expect(ready()).toEqual([false]);
    expect(cluster.kubernetes.reports()).toEqual([expect.objectContaining({ bpf: true })]);
  });
});

describe("an Installation for the VPC CNI", () => {
  beforeEach(() => cluster.startOperator());

  it("gets no pool, and route tables apart from those of the VPC CNI", async () => {
    cluster.apply(foreign());
    await cluster.idle();

    expect(cluster.ready).toBe("True: ");
    expect(cluster.at(installationKey, "spec.calicoNetwork.ipPools")).toBeUndefined();
    expect(cluster.at(felixKey, "spec.routeTableRange")).toEqual({ min: 65, max: 99 });
  });

  it.each<[string, Values, Values, string]>([
    [
      "a pool with an overlay",
      { ipPools: [{ cidr: "10.1.0.0/16", encapsulation: "VXLAN" }] },
      {},
      "VXLAN is invalid for ipPool.encapsulation when using non-Calico CNI, should be None",
    ],
    [
      "BGP for a pool",
      { bgp: "Enabled", ipPools: [{ cidr: "10.1.0.0/16", encapsulation: "None" }] },
      {},
      "BGP is not supported when using non-Calico CNI",
    ],
    [
      "host ports",
      { hostPorts: "Enabled" },
      {},
      "spec.calicoNetwork.hostPorts is supported only for Calico CNI",
    ],
    [
      "Calico's addresses",
      {},
      { cni: { type: "AmazonVPC", ipam: { type: "Calico" } } },
      "spec.cni.ipam.type  Calico is not compatible with spec.cni.type AmazonVPC, valid IPAM values AmazonVPC",
    ],
  ])("is refused with %s", async (_name, network, spec, words) => {
    cluster.apply(foreign(network, spec));
    await cluster.idle();

    expect(cluster.ready).toBe(`False: Invalid Installation provided: ${words}`);
  });

  it("is accepted with a pool that carries nothing", async () => {
    cluster.apply(foreign({ ipPools: [{ cidr: "10.1.0.0/16", encapsulation: "None" }] }));
    await cluster.idle();

    expect(cluster.ready).toBe("True: ");
  });

  it("has Calico's API server on the pod network, which needs no DNS", async () => {
    const apiServer = {
      apiVersion: "operator.tigera.io/v1",
      kind: "APIServer",
      metadata: { name: "default" },
    };
    cluster.apply(foreign(), apiServer);
    await cluster.idle();

    const conditions = cluster.at("operator.tigera.io/v1/TigeraStatus//apiserver", "status.conditions");
    expect(conditions).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: "Available", status: "True" })]),
    );
  });
});
