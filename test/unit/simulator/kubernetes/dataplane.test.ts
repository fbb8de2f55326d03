import { beforeEach, describe, expect, it } from "vitest";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { Cluster, felix, felixKey, installation, installationKey } from "./cluster.ts";

let cluster: Cluster;

beforeEach(async () => {
  cluster = new Cluster();
  await cluster.startOperator();
});

const annotation = "operator.tigera.io/bpfEnabled";

function bpfEnabled(): unknown {
  return cluster.at(felixKey, "spec.bpfEnabled");
}

function note(): string | undefined {
  return cluster.api.get(felixKey)?.metadata.annotations?.[annotation];
}

describe("a fresh cluster", () => {
  it("has eBPF at once, before any calico-node has started", () => {
    cluster.apply(felix(), installation());

    expect(bpfEnabled()).toBe(true);
    expect(note()).toBe("true");
    expect(cluster.kubernetes.operator.reports().map(({ bpf }) => bpf)).toEqual([false, false]);
  });

  it("has eBPF on every node when they have started", async () => {
    cluster.apply(felix(), installation());
    await cluster.idle();

    expect(cluster.kubernetes.operator.reports()).toEqual([
      { nodeName: "ip-10-40-0-1", ready: true, bpf: true },
      { nodeName: "ip-10-40-0-2", ready: true, bpf: true },
    ]);
  });

  it("gets the setting at once that eBPF is off, with Iptables", () => {
    cluster.apply(felix(), installation("Iptables"));

    expect(bpfEnabled()).toBe(false);
    expect(note()).toBe("false");
  });
});

it("under Iptables no node has eBPF, and all are ready", async () => {
  cluster.apply(felix(), installation("Iptables"));
  await cluster.idle();

  expect(cluster.kubernetes.operator.reports()).toEqual([
    { nodeName: "ip-10-40-0-1", ready: true, bpf: false },
    { nodeName: "ip-10-40-0-2", ready: true, bpf: false },
  ]);
});

describe("a living cluster", () => {
  it("gets eBPF only after calico-node was rolled over all nodes", async () => {
    cluster.apply(felix(), installation("Iptables"));
    await cluster.idle();
    cluster.apply(installation("BPF"));

    expect(bpfEnabled()).toBe(false);
    await cluster.idle();
    expect(bpfEnabled()).toBe(true);
    expect(cluster.ready).toBe("True: ");
  });

  it("does not get eBPF while a calico-node is not ready", async () => {
    cluster.apply(felix({}), installation("Iptables"));
    await cluster.idle();
    cluster.closed.add("i-2");
    cluster.apply(installation("BPF"));
    await cluster.idle();
    expect(bpfEnabled()).toBe(false);
    cluster.closed.clear();
    cluster.activity.changed();
    expect(bpfEnabled()).toBe(true);
  });

  it("does not get eBPF while a further calico-node is starting", async () => {
    cluster.apply(felix(), installation("Iptables"));
    await cluster.idle();
    cluster.apply(installation("BPF"));
    const seen: unknown[] = [];
    cluster.activity.onChange(() => {
      const [first] = cluster.kubernetes.operator.reports().filter(({ ready }) => !ready);
      if (first !== undefined) seen.push(bpfEnabled());
    });
    cluster.join(3);
    await cluster.idle();

    expect(new Set(seen)).toEqual(new Set([false]));
    expect(bpfEnabled()).toBe(true);
  });

  it("loses eBPF at once, even when it is not healthy", async () => {
    cluster.apply(felix(), installation("BPF"));
    await cluster.idle();
    cluster.closed.add("i-2");
    cluster.apply(installation("Iptables"));

    expect(bpfEnabled()).toBe(false);
    expect(note()).toBe("false");
  });
});

describe("FelixConfiguration", () => {
  const ours: Values = { awsSrcDstCheck: "Disable", bpfExternalServiceMode: "DSR", vxlanPort: 4790 };

  it("keeps what the program says, and gets what it does not", () => {
    cluster.apply(felix(ours), installation());

    expect(cluster.api.get(felixKey)?.["spec"]).toEqual({
      ...ours,
      bpfEnabled: true,
      healthPort: 9099,
      vxlanVNI: 4096,
      nftablesMode: "Enabled",
    });
    expect(cluster.api.owners(felixKey, "spec", "vxlanPort")).toEqual(["program"]);
    expect(cluster.api.owners(felixKey, "spec", "bpfEnabled")).toEqual(["operator"]);
  });

  it("can be updated by the program without a conflict", async () => {
    cluster.apply(felix(ours), installation());
    await cluster.idle();
    cluster.apply(felix({ ...ours, bpfExternalServiceMode: "Tunnel" }));

    expect(cluster.at(felixKey, "spec.bpfExternalServiceMode")).toBe("Tunnel");
    expect(bpfEnabled()).toBe(true);
  });

  it.each([
    ["BPF", "Enabled"],
    ["Nftables", "Auto"],
    ["Iptables", "Disabled"],
  ])("has for %s the nftables mode %s", (dataplane, mode) => {
    cluster.apply(installation(dataplane));

    expect(cluster.at(felixKey, "spec.nftablesMode")).toBe(mode);
  });

  it("is made by the operator where there is none, and again when it is deleted", async () => {
    cluster.apply(installation());
    await cluster.idle();
    cluster.api.delete(felixKey);

    expect(bpfEnabled()).toBe(true);
    expect(cluster.api.owners(felixKey, "spec", "healthPort")).toEqual(["operator"]);
  });
});

describe("bpfEnabled set by another client", () => {
  it("stops a fresh installation without a word", async () => {
    cluster.apply(felix({ bpfEnabled: true }), installation());
    await cluster.idle();

    expect(cluster.ready).toBe("no condition");
    expect(note()).toBeUndefined();
    expect(cluster.api.get("apps/v1/DaemonSet/calico-system/calico-node")).toBeUndefined();
    expect([...cluster.instances.values()].map(({ ready }) => ready)).toEqual([false, false]);
  });

  it("is accepted with the operator's own annotation", async () => {
    const object = felix({ bpfEnabled: true, awsSrcDstCheck: "Disable" });
    cluster.apply({ ...object, metadata: { name: "default", annotations: { [annotation]: "true" } } });
    cluster.apply(installation());
    await cluster.idle();

    expect(cluster.ready).toBe("True: ");
  });

  it("does not matter under Iptables while it is false", async () => {
    cluster.apply(felix({ bpfEnabled: false }), installation("Iptables"));
    await cluster.idle();

    expect(cluster.ready).toBe("True: ");
    expect(note()).toBeUndefined();
  });

  it("is complained of on a living cluster, and left as it is", async () => {
    cluster.apply(felix({ bpfEnabled: true }), installation("Iptables"));
    await cluster.idle();

    expect(bpfEnabled()).toBe(true);
    expect(cluster.ready).toBe(
      'False: unable to set bpfEnabled: FelixConfiguration "default" has been modified by someone else, refusing to override potential user configuration',
    );
    expect(cluster.at(installationKey, "status.conditions.0.observedGeneration")).toBe(1);
  });
});
