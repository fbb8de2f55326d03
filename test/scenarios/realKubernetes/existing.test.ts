import { afterEach, describe, expect, it } from "vitest";
import { EngineError } from "../../rehearsal/engine.ts";
import { everything, settled } from "../../simulator/existing/everything.ts";
import type { ExistingCluster } from "../../simulator/existing/existingCluster.ts";
import { vpcCniSeeds } from "../../simulator/existing/seeds.ts";
import { at, type KubernetesObject } from "../../simulator/kubernetes/object.ts";
import type { Values } from "../../simulator/protocol/provider.ts";
import { configOf, engineFor, startExisting, stopAll } from "./existingStart.ts";
import { onRealParts, parts } from "./parts.ts";

afterEach(stopAll);

const dataplane = async (cluster: ExistingCluster) => {
  await cluster.settled();
  return cluster.reports().map(({ ready, bpf }) => ({ ready, bpf }));
};

const onEvery = (state: { ready: boolean; bpf: boolean }) => [state, state, state];

/** Names of the objects that differ. */
function changed(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/** In which the real operator has done what it still has to do. */
const operatorTime = { timeout: 90_000, interval: 2000 } as const;

/** Deletes the Job that waits for kubelets. Returns how many there were. */
async function withoutDelay({ api }: ExistingCluster): Promise<number> {
  const path = "/apis/batch/v1/namespaces/kube-system/jobs";
  const query = { labelSelector: "app.kubernetes.io/managed-by=calico-ebpf-eks" };
  const { items } = (await api.client.send({ method: "GET", path, query })) as unknown as {
    items: readonly KubernetesObject[];
  };
  for (const { metadata } of items) {
    await api.delete({ apiVersion: "batch/v1", kind: "Job", metadata }, { propagationPolicy: "Background" });
  }
  return items.length;
}

/** In the order of the alphabet. */
const changedBy = {
  operator: [
    "apps/v1 DaemonSet calico-system calico-node",
    "apps/v1 DaemonSet kube-system kube-proxy",
    "apps/v1 Deployment calico-system calico-typha",
    "apps/v1 Deployment kube-system coredns",
    "apps/v1 Deployment tigera-operator tigera-operator",
    "crd.projectcalico.org/v1 FelixConfiguration default",
    "operator.tigera.io/v1 Installation default",
    // The address of the API server, for pods that start.
    "v1 ConfigMap calico-system cni-config",
    "v1 ConfigMap tigera-operator kubernetes-services-endpoint",
  ],
  manifest: [
    "apps/v1 DaemonSet kube-system calico-node",
    "apps/v1 DaemonSet kube-system kube-proxy",
    "apps/v1 Deployment kube-system calico-kube-controllers",
    "apps/v1 Deployment kube-system coredns",
    expect.stringMatching(/^batch\/v1 Job kube-system calico-endpoint-delay-/),
    "crd.projectcalico.org/v1 FelixConfiguration default",
    "v1 ConfigMap kube-system kubernetes-services-endpoint",
  ],
} as const;

describe.skipIf(parts === undefined)(onRealParts, { timeout: 300_000 }, () => {
  it.each(["operator", "manifest"] as const)(
    "a cluster whose Calico is there by its %s goes to eBPF and DSR, and back to what it was",
    async (calico) => {
      const cluster = await startExisting({ calico: [calico] });
      const engine = await engineFor(cluster, configOf(cluster.kubeconfigFile));
      const before = await settled(cluster.api);

      await engine.up();

      expect(await dataplane(cluster)).toEqual(onEvery({ ready: true, bpf: true }));
      expect(cluster.moments).toEqual([
        { bpfEnabled: false, kubeProxy: "Running" },
        { bpfEnabled: true, kubeProxy: "Running" },
        { bpfEnabled: true, kubeProxy: "Parked" },
      ]);
      expect(changed(before, await settled(cluster.api))).toEqual(changedBy[calico]);
      // What this program did itself does not make it refuse the cluster.
      expect(await engine.preview()).toEqual({ same: expect.any(Number) });
      expect(await engine.drift()).toEqual({ same: expect.any(Number) });
      expect(await engine.drift()).toEqual({ same: expect.any(Number) });
      if (calico === "manifest") {
        // As its ttlSecondsAfterFinished has it.
        expect(await withoutDelay(cluster)).toBe(1);
        expect(await engine.drift()).toEqual({ same: expect.any(Number) });
        expect(await engine.preview()).toEqual({ same: expect.any(Number) });
      }

      await engine.refresh();
      await engine.destroy();

      // A destroy does not wait for the operator.
      await expect.poll(() => dataplane(cluster), operatorTime).toEqual(onEvery({ ready: true, bpf: false }));
      expect(cluster.moments.slice(3)).toEqual([
        { bpfEnabled: true, kubeProxy: "Running" },
        { bpfEnabled: false, kubeProxy: "Running" },
      ]);
      // The operator forgets the address once it has restarted.
      await expect.poll(async () => changed(before, await everything(cluster.api)), operatorTime).toEqual([]);
    },
  );

  it("a cluster on the VPC CNI goes to eBPF, with aws-node as it was, and back but for what the operator keeps", async () => {
    const cluster = await startExisting({ calico: ["operator"], seeds: vpcCniSeeds("1.22.4") });
    const engine = await engineFor(
      cluster,
      configOf(cluster.kubeconfigFile, { calico: { cni: "AmazonVPC" } }),
    );
    const before = await settled(cluster.api);

    await engine.up();

    expect(await dataplane(cluster)).toEqual(onEvery({ ready: true, bpf: true }));
    expect(cluster.moment()).toEqual({ bpfEnabled: true, kubeProxy: "Parked" });
    // Calico renders no CNI configuration there.
    const expected = changedBy.operator.filter((name) => !name.endsWith("cni-config"));
    expect(changed(before, await settled(cluster.api))).toEqual(expected);
    expect(await engine.preview()).toEqual({ same: expect.any(Number) });

    await engine.refresh();
    await engine.destroy();

    await expect.poll(() => dataplane(cluster), operatorTime).toEqual(onEvery({ ready: true, bpf: false }));
    // eBPF needs the nodes' addresses, also where Calico gives pods none: the operator writes its default and keeps it.
    const name = "operator.tigera.io/v1 Installation default";
    await expect
      .poll(async () => changed(before, await everything(cluster.api)), operatorTime)
      .toEqual(["apps/v1 DaemonSet calico-system calico-node", name]);
    const after = await everything(cluster.api);
    const { nodeAddressAutodetectionV4, ...calicoNetwork } = at(after[name], "spec.calicoNetwork") as Values;
    expect(nodeAddressAutodetectionV4).toEqual({ canReach: "8.8.8.8" });
    expect(calicoNetwork).toEqual(at(before[name], "spec.calicoNetwork"));
  });

  it.each(["operator", "manifest"] as const)(
    "with a calico-node that starts nowhere, kube-proxy comes back within the same up, by the %s",
    async (calico) => {
      const cluster = await startExisting({ calico: [calico] });
      const engine = await engineFor(cluster, configOf(cluster.kubeconfigFile));
      await engine.up();
      cluster.broken = true;
      cluster.moments.length = 0;
      await engine.configure(
        configOf(cluster.kubeconfigFile, {
          calico: { dataplane: "Iptables", externalService: "Tunnel" },
          kubeProxy: "Running",
        }),
      );

      const error = await engine.up().catch((thrown: unknown) => thrown);

      expect(cluster.moments).toEqual([
        { bpfEnabled: true, kubeProxy: "Parked" },
        { bpfEnabled: true, kubeProxy: "Running" },
        { bpfEnabled: false, kubeProxy: "Running" },
      ]);
      expect(error).toBeInstanceOf(EngineError);
      const { diagnostics } = error as EngineError;
      const failed = diagnostics.flatMap(({ urn }) => (urn === "" ? [] : [urn.split("::").at(-1)]));
      expect(failed).toEqual(["ready-gate"]);
      const name = calico === "operator" ? "default" : "kube-system/calico-node";
      expect(String(error)).toContain(
        `"${name}" failed to fully initialize or become live: timed out waiting for the condition`,
      );
    },
  );

  it.each(["operator", "manifest"] as const)(
    "an up that stops half-way leaves kube-proxy running, and the next one finishes, by the %s",
    async (calico) => {
      const cluster = await startExisting({ calico: [calico] });
      const engine = await engineFor(cluster, configOf(cluster.kubeconfigFile));
      cluster.broken = true;

      const error = await engine.up().catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(EngineError);
      expect(cluster.moment()).toEqual({ bpfEnabled: false, kubeProxy: "Running" });

      cluster.broken = false;
      await engine.up();

      expect(await dataplane(cluster)).toEqual(onEvery({ ready: true, bpf: true }));
      expect(cluster.moment()).toEqual({ bpfEnabled: true, kubeProxy: "Parked" });
    },
  );

  it("together with kube-proxy, Calico leaves its rules and its port alone, and changes the service mode by one field", async () => {
    const cluster = await startExisting({ calico: ["manifest"] });
    const settings = (externalService: string) =>
      configOf(cluster.kubeconfigFile, { calico: { externalService }, kubeProxy: "Running" });
    const engine = await engineFor(cluster, settings("DSR"));
    const felix = {
      apiVersion: "crd.projectcalico.org/v1",
      kind: "FelixConfiguration",
      metadata: { name: "default" },
    };

    await engine.up();

    expect(cluster.moment()).toEqual({ bpfEnabled: true, kubeProxy: "Running" });
    expect((await cluster.api.get(felix))?.["spec"]).toEqual({
      logSeverityScreen: "Info",
      reportingInterval: "0s",
      nftablesMode: "Auto",
      bpfEnabled: true,
      bpfExternalServiceMode: "DSR",
      bpfKubeProxyIptablesCleanupEnabled: false,
      bpfKubeProxyHealthzPort: 0,
    });

    await engine.configure(settings("Tunnel"));
    // FelixConfiguration, and the ready gate behind it.
    expect(await engine.preview()).toEqual({ same: expect.any(Number), update: 2 });
  });

  it("refuses a cluster as the engine shows it: one error, nothing changed", async () => {
    const cluster = await startExisting({ calico: ["operator", "manifest"] });
    const engine = await engineFor(cluster, configOf(cluster.kubeconfigFile));
    const before = await settled(cluster.api);

    const error = await engine.up().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(EngineError);
    const messages = (error as EngineError).diagnostics.map(({ message }) => message);
    expect([...new Set(messages)]).toEqual([
      expect.stringMatching(
        /^calico-ebpf-eks: 1 problem in the cluster of stack there\n {2}Calico: it is listed twice: [^\n]+$/,
      ),
    ]);
    expect(await everything(cluster.api)).toEqual(before);
  });
});
