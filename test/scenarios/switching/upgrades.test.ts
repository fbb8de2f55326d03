import { describe, expect, it } from "vitest";
import { judge } from "../../rehearsal/switching/judgement.ts";
import { at, type KubernetesObject } from "../../simulator/kubernetes/object.ts";
import { onRealParts, parts } from "../realKubernetes/parts.ts";
import { smallCluster } from "../rehearsed.ts";
import { failureOf, steps, switchedStack } from "./switchedStack.ts";

const cluster = smallCluster["calico-ebpf-eks:cluster"];
const operator = "update tigera-operator:tigera-operator/tigera-operator";
const controlPlane = "update calico-ebpf-eks-dev-eksCluster";
const nodes = "update calico-ebpf-eks-dev-default";
const gate = "update ready-gate";
const coreDns = "update coredns";

const beginning = {
  ...smallCluster,
  "calico-ebpf-eks:cluster": { ...cluster, kubernetesVersion: "1.34" },
  "calico-ebpf-eks:calico": { version: "3.32.2" },
};

/**
 * Changes of the stack file, each on top of those before, and what the engine has to do for them, in its order. The default
 * version of CoreDNS follows that of Kubernetes: once the nodes are new, EKS rolls it.
 */
const upgrades: readonly (readonly [Readonly<Record<string, unknown>>, readonly string[]])[] = [
  [{ "calico-ebpf-eks:calico": { version: "3.32.4" } }, [operator, gate]],
  [
    { "calico-ebpf-eks:cluster": { ...cluster, kubernetesVersion: "1.35" } },
    [controlPlane, nodes, gate, coreDns],
  ],
  [{ "calico-ebpf-eks:calico": { version: "3.33.1" } }, [operator, gate]],
  [{ "calico-ebpf-eks:nodePools": { default: { release: "1.35.4-20260601" } } }, [nodes, gate]],
];

describe.skipIf(parts === undefined)(onRealParts, { timeout: 600_000 }, () => {
  it("Calico, Kubernetes and the AMI release are upgraded with eBPF on throughout", async () => {
    const stack = await switchedStack();
    const { engine, world } = stack;
    let config: Readonly<Record<string, unknown>> = beginning;
    await engine.configure(config);
    await engine.up();
    for (const [change, expected] of upgrades) {
      const since = stack.version();
      config = { ...config, ...change };
      await engine.configure(config);
      const done = await steps((onEvent) => engine.up(onEvent));
      // The new version runs when `up` ends.
      const version = (config["calico-ebpf-eks:calico"] as { version: string }).version;
      expect(installed(world.kubernetes.contents())).toBe(`v${version}`);

      expect(done).toEqual(expected);
      const { unserved, offBpf, coreDnsRolls } = judge(stack.moments(), since);
      expect({ unserved, offBpf }).toEqual({ unserved: [], offBpf: [] });
      expect(coreDnsRolls).toBe(expected.includes(coreDns) ? 1 : 0);
      expect(world.kubernetes.reports().filter(({ ready, bpf }) => ready && bpf)).toHaveLength(2);
      expect(await steps((onEvent) => engine.preview(onEvent))).toEqual([]);
    }

    await engine.configure({ ...config, "calico-ebpf-eks:calico": { version: "3.32.4" } });
    expect(await failureOf(engine.preview())).toContain(
      "calico.version: the cluster has Calico 3.33.1, and 3.32.4 is an older minor version",
    );
  });
});

/** Release that the operator says it has installed. */
function installed(objects: readonly KubernetesObject[]): unknown {
  return at(
    objects.find(({ kind }) => kind === "Installation"),
    "status.calicoVersion",
  );
}
