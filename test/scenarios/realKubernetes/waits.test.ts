import { afterEach, describe, expect, it } from "vitest";
import { smallCluster } from "../rehearsed.ts";
import { withBpfEnabled, withClusterDns, withoutFelixPermission, withoutRule } from "../tampering.ts";
import { type Living, type LivingOptions, startLiving } from "./living.ts";
import { onRealParts, parts } from "./parts.ts";
import { felixNeverAllowed, gatesWaitFor, withoutEndpoint } from "./tampering.ts";

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

/** What the real provider says of a gate that was not passed, made or changed; it never says why. */
const notPassed = (gate: string) =>
  new RegExp(
    `(::${gate}" was successfully created|reported that "[^"]+" failed).*timed out waiting for the condition`,
  );

describe.skipIf(parts === undefined)(`${onRealParts}, an up waits in vain`, { timeout: 600_000 }, () => {
  it("for what a gate's jsonpath will never say", async () => {
    const stack = await start();
    const said = await stack.upInVain(gatesWaitFor({ "dataplane-gate": "jsonpath={.spec.bpfEnabled}=yes" }));

    expect(said).toMatch(notPassed("dataplane-gate"));
  });

  it("for the operator, without the ConfigMap that tells it where the API server is, or with the cluster's DNS", async () => {
    const stack = await start();

    expect(await stack.upInVain(withoutEndpoint)).toContain("NodeCreationFailure");
    expect(stack.operatorNeeds()).toContain(
      "the API server's address: without ConfigMap kubernetes-services-endpoint it needs kube-proxy",
    );

    await stack.upInVain(withClusterDns);
    expect(stack.operatorNeeds()).toContain(
      "dnsPolicy ClusterFirstWithHostNet asks CoreDNS, which waits for Calico",
    );
  });

  it("for nodes that never become Ready, when it sets bpfEnabled itself and the operator stops without a word", async () => {
    const stack = await start();

    expect(await stack.upInVain(withBpfEnabled)).toContain("NodeCreationFailure");
  });

  it("for calico-node, which each missing permission and each closed port holds back, and nothing else does", async () => {
    const stack = await start();
    const denied = `calico-node is ready on every node: ${nodes[0]}: Failed to set source-destination-check: UnauthorizedOperation`;

    expect(await stack.upInVain(withoutFelixPermission)).toMatch(notPassed("ready-gate"));
    expect(stack.untrue().join("\n")).toContain(denied);
    expect(await stack.upInVain(felixNeverAllowed)).toMatch(notPassed("ready-gate"));
    expect(stack.untrue().join("\n")).toContain(denied);
    expect(await stack.upInVain(withoutRule("typha"))).toMatch(notPassed("ready-gate"));
    expect(stack.untrue().join("\n")).toContain(
      `${nodes[1]}: cannot connect to Typha on ${nodes[0]}: TCP 5473 is closed between the nodes`,
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

  it("for calico-apiserver, when the control plane may not reach its port", async () => {
    const stack = await start();

    await stack.upInVain(withoutRule("calico-apiserver"));
    expect(stack.untrue().join("\n")).toMatch(/tiers: .*projectcalico\.org\/v3/);
  });
});

describe.skipIf(parts === undefined)(`${onRealParts}, on a living cluster`, { timeout: 600_000 }, () => {
  it("an emergency reversal brings kube-proxy back with the operator dead, after a refresh too", async () => {
    const calico = (dataplane: "BPF" | "Iptables") => ({
      ...smallCluster,
      "calico-ebpf-eks:calico": { dataplane, externalService: "Tunnel" },
      "calico-ebpf-eks:kubeProxy": dataplane === "BPF" ? "Parked" : "Running",
    });
    const stack = await start({ config: calico("BPF") });
    expect(await stack.up()).toBe("");

    const { kubernetes } = stack.world;
    kubernetes.operatorBroken = true;
    stack.world.activity.changed();
    await expect.poll(() => stack.operatorNeeds(), { timeout: 30_000 }).toContain("it does not start");
    expect(await stack.refresh()).toBe("");
    await stack.configure(calico("Iptables"));

    expect(await stack.upInVain()).toMatch(notPassed("dataplane-gate"));
    expect(kubernetes.kubeProxy()).toBe("Running");
  });
});
