import { afterEach, describe, expect, it } from "vitest";
import { types } from "../../cloud/types.ts";
import { nameOf } from "../../timeline/graph.ts";
import { smallCluster } from "../rehearsed.ts";
import {
  withAwaitedOperator,
  withBpfEnabled,
  withClusterDns,
  withoutFelixPermission,
  withoutRule,
} from "../tampering.ts";
import { type Living, type LivingOptions, startLiving } from "./living.ts";
import { onRealParts, parts } from "./parts.ts";
import {
  deletedOneByOne,
  felixAtOnce,
  felixNeverAllowed,
  gatesWaitFor,
  installationAwaited,
  together,
  withoutEndpoint,
} from "./tampering.ts";

const nodes = ["ip-10-40-0-4.eu-west-1.compute.internal", "ip-10-40-0-5.eu-west-1.compute.internal"] as const;
let living: Living | undefined;

afterEach(async () => {
  await living?.end();
  living = undefined;
});

async function start(options?: LivingOptions): Promise<Living> {
  living = await startLiving(options);
  return living;
}

describe.skipIf(parts === undefined)(`${onRealParts}, an up waits in vain`, { timeout: 180_000 }, () => {
  it("for kinds that the operator brings, and the operator for nodes that come after it", async () => {
    const stack = await start();
    // Only a preview shows all that the program registers.
    const mistake = together(felixAtOnce, withAwaitedOperator);
    await stack.preview(mistake);
    const said = await stack.upInVain(mistake);

    expect(said).toContain(
      'creation of resource "felix-configuration" with kind crd.projectcalico.org/v1/FelixConfiguration failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: no matches for kind "FelixConfiguration" in version "crd.projectcalico.org/v1"',
    );
    expect(said).toContain("0 of 1 pods available");
    expect(stack.deadlocks().map(({ waiting, blocked }) => [nameOf(waiting.urn), nameOf(blocked)])).toEqual([
      ["tigera-operator:tigera-operator/tigera-operator", "calico-ebpf-eks-dev-default"],
    ]);
  });

  it("for what a gate's jsonpath or condition will never say", async () => {
    const stack = await start();
    const said = await stack.upInVain(
      gatesWaitFor({
        "dataplane-gate": "jsonpath={.spec.bpfEnabled}=yes",
        "ready-gate": "condition=Available",
      }),
    );

    expect(said).toContain('FelixConfiguration default: Waiting for {.spec.bpfEnabled}=yes (found "true")');
    expect(said).toContain("Installation default: Resource has no condition Available");
  });

  it("for nodes that never become Ready, without the ConfigMap that tells it where the API server is, or with the cluster's DNS", async () => {
    const stack = await start();

    for (const mistake of [withoutEndpoint, withClusterDns]) {
      expect(await stack.upInVain(mistake)).toContain("NodeCreationFailure");
    }
  });

  it("for nodes that never become Ready, when it sets bpfEnabled itself and the operator stops without a word", async () => {
    const stack = await start();

    expect(await stack.upInVain(withBpfEnabled)).toContain("NodeCreationFailure");
  });

  it("for calico-node, which each missing permission and each closed port holds back, and nothing else does", async () => {
    const stack = await start();
    const denied = `calico-node on ${nodes[0]} is not ready: Failed to set source-destination-check: UnauthorizedOperation`;

    expect(await stack.upInVain(withoutFelixPermission)).toContain(denied);
    expect(await stack.upInVain(felixNeverAllowed)).toContain(denied);
    expect(await stack.upInVain(withoutRule("typha"))).toContain(
      `Resource has condition Ready=False (want True): calico-node on ${nodes[1]} is not ready: cannot connect to Typha on ${nodes[0]}: TCP 5473 is closed between the nodes`,
    );
    expect(await stack.up(withoutRule("vxlan"))).toBe("");
    expect(stack.untrue()).toEqual(
      [nodes, nodes.toReversed()].map(
        ([from, to]) =>
          `pods reach each other between every two nodes: ${from} to ${to}: closed, UDP 4789 (VXLAN) is not open`,
      ),
    );
    expect(await stack.up()).toBe("");
    expect(stack.untrue()).toEqual([]);
  });
});

describe.skipIf(parts === undefined)(`${onRealParts}, on a living cluster`, { timeout: 180_000 }, () => {
  it("a destroy hangs on the Installation's finalizers, when the operator may go before it", async () => {
    const stack = await start();
    expect(await stack.up(deletedOneByOne)).toBe("");

    expect(await stack.destroyInVain()).toContain(
      "timed out after 600 s waiting for Installation default to go, which its finalizers hold back: tigera.io/operator-cleanup, operator.tigera.io/installation-controller",
    );
  });

  it("a reversal hangs at an Installation that is waited for, though kube-proxy is back by then", async () => {
    const calico = (dataplane: "BPF" | "Iptables") => ({
      ...smallCluster,
      "calico-ebpf-eks:calico": { dataplane, externalService: "Tunnel" },
      "calico-ebpf-eks:kubeProxy": dataplane === "BPF" ? "Parked" : "Running",
    });
    const stack = await start({ config: calico("BPF") });
    expect(await stack.up()).toBe("");

    const { world } = stack;
    const [typha] = world.aws.ofType(types.ingressRule).filter(({ inputs }) => inputs["fromPort"] === 5473);
    Object.assign(typha?.inputs ?? {}, { fromPort: 1, toPort: 1 });
    world.activity.changed();
    await stack.configure(calico("Iptables"));

    expect(await stack.upInVain(installationAwaited)).toContain(
      'the Kubernetes API server reported that "installation" failed to fully initialize or become live: timed out after 600 s waiting for Installation default: Resource has condition Ready=False (want True)',
    );
    expect(world.kubernetes.kubeProxy()).toBe("Running");

    // Without that mistake it gets as far as the gate that is there to tell.
    expect(await stack.upInVain()).toContain('"ready-gate" failed to fully initialize or become live');
  });
});
