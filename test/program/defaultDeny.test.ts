import { describe, expect, it } from "vitest";
import { program } from "../../infra/program.ts";
import type { KubernetesObject } from "../rehearsal/kubernetes/object.ts";
import { closedFlows, keptFlows, systemFlows } from "../rehearsal/policies/neededFlows.ts";
import { isOpen } from "../rehearsal/policies/semantics.ts";
import { before, find } from "../support/graph.ts";
import { type Recorded, record } from "../support/recorder.ts";
import type { SettingsChange } from "../support/settings.ts";
import { stackConfig } from "../support/stackConfig.ts";
import { existingNetwork, reversed } from "./variants.ts";

const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const defaultDeny = ["shop", "payments"];
const systemObjects: KubernetesObject[] = ["kube-system", "calico-system", "elsewhere"].map((name) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
}));

/** What is in the cluster after each resource of the program, in an order that its dependencies allow. */
function steps(resources: readonly Recorded[]): KubernetesObject[][] {
  const ours = resources
    .filter(({ type }) => type === policyType || type === "kubernetes:core/v1:NamespacePatch")
    .toSorted((a, b) => before(resources, a).size - before(resources, b).size);
  return ours.map((_, index) => [
    ...systemObjects,
    ...ours.slice(0, index + 1).map(({ inputs }) => inputs as unknown as KubernetesObject),
  ]);
}

const variants: Readonly<Record<string, { changes: SettingsChange; apiServer: string }>> = {
  "the defaults": { changes: {}, apiServer: "10.40.255.245" },
  iptables: { changes: reversed, apiServer: "10.40.255.230" },
  "an existing network": { changes: existingNetwork, apiServer: "10.40.255.5" },
};

describe.each(Object.entries(variants))("default deny on %s", async (_name, { changes, apiServer }) => {
  const { resources } = await record(program, {
    config: stackConfig({ ...changes, policies: { defaultDeny } }),
  });
  const all = steps(resources);
  const needed = [
    ...systemFlows({ apiServer }),
    ...defaultDeny.flatMap((namespace) => keptFlows(namespace, { apiServer })),
  ];

  it("closes nothing that has to stay open, at any step there and back", () => {
    expect(all).toHaveLength(6);
    for (const objects of all) {
      expect(needed.filter((flow) => !isOpen(flow, objects)).map(({ name }) => name)).toEqual([]);
    }
  });

  it("closes the rest at its last step", () => {
    const open = defaultDeny.flatMap((namespace) =>
      closedFlows(namespace).filter((flow) => isOpen(flow, all.at(-1) ?? [])),
    );

    expect(open.map(({ name }) => name)).toEqual([]);
  });
});

describe("default deny", async () => {
  const { resources } = await record(program, { config: stackConfig({ policies: { defaultDeny } }) });

  it("begins once calico-node is ready and DNS answers", () => {
    const [...earlier] = before(resources, find(resources, policyType, "shop-allow-dns-and-api-server"));

    expect(earlier).toEqual(
      expect.arrayContaining([
        "kubernetes:operator.tigera.io/v1:InstallationPatch ready-gate",
        "kubernetes:apps/v1:DeploymentPatch coredns",
      ]),
    );
  });

  it("would cut off the cluster's own pods in their namespace, which is why it is refused there", () => {
    const inSystem = steps(resources)
      .at(-1)
      ?.map((one) =>
        one.kind === "NetworkPolicy"
          ? { ...one, metadata: { ...one.metadata, namespace: "kube-system" } }
          : one,
      );
    const cut = systemFlows({ apiServer: "10.40.255.245" }).filter((flow) => !isOpen(flow, inSystem ?? []));

    expect(cut.map(({ name }) => name)).toEqual([
      "CoreDNS asks the VPC's resolver",
      "pods of any namespace ask CoreDNS",
      "Calico's controllers ask CoreDNS",
      "Whisker asks CoreDNS",
      "metrics-server reads the kubelets",
    ]);
  });

  it("is not there unless asked for", async () => {
    const { resources: without } = await record(program, { config: stackConfig() });

    expect(without.filter(({ type }) => /NetworkPolicy|NamespacePatch|DefaultDeny/.test(type))).toEqual([]);
  });
});
