import { describe, expect, it } from "vitest";
import { ReadyGate, type ReadyGateArgs } from "../../../components/gates.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find, registered, topLevel } from "../../support/graph.ts";
import { labels } from "../../support/outputs.ts";
import { released, type SettingsChange, settings } from "../../support/settings.ts";
import { Stub } from "../../support/stub.ts";

const gateType = "kubernetes:operator.tigera.io/v1:InstallationPatch";
const digestKey = "calico-ebpf-eks/settings-digest";

const readyGate = (changes: SettingsChange = {}, args: Partial<ReadyGateArgs> = {}) =>
  record(
    () =>
      new ReadyGate("ready-gate", {
        settings: settings(changes),
        pools: released(settings(changes).nodePools),
        after: [new Stub("installation"), new Stub("node-group")],
        ...args,
      }),
  );

const digestOf = async (changes: SettingsChange, args?: Partial<ReadyGateArgs>) => {
  const { metadata } = find((await readyGate(changes, args)).resources, gateType).inputs;
  return (metadata as { annotations: Record<string, string> }).annotations[digestKey];
};

const { resources, result } = await readyGate();

describe("ReadyGate", () => {
  it("registers one patch below itself", async () => {
    expect(registered(resources)).toEqual([
      "calico-ebpf-eks:index:ReadyGate ready-gate",
      "kubernetes:operator.tigera.io/v1:InstallationPatch ready-gate",
    ]);
    expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:ReadyGate ready-gate"]);
    expect(await labels([result.passed])).toEqual([
      "kubernetes:operator.tigera.io/v1:InstallationPatch ready-gate",
    ]);
  });

  it("waits for calico-node on every node, and touches nothing but annotations", () => {
    expect(find(resources, gateType).inputs).toEqual({
      apiVersion: "operator.tigera.io/v1",
      kind: "Installation",
      metadata: {
        name: "default",
        annotations: {
          "pulumi.com/waitFor": '["condition=Ready","jsonpath={.status.calicoVersion}=v3.32.4"]',
          "pulumi.com/timeoutSeconds": "900",
          "pulumi.com/patchFieldManager": "calico-ebpf-eks-ready-gate",
          [digestKey]: expect.stringMatching(/^[0-9a-f]{12}$/),
        },
      },
    });
  });

  it("comes after what has to be there before Calico can be ready", () => {
    expect(dependenciesOf(resources, find(resources, gateType))).toEqual([
      "test:index:Stub installation",
      "test:index:Stub node-group",
    ]);
  });

  it.each<[string, SettingsChange, Partial<ReadyGateArgs>?]>([
    ["Calico's settings", { calico: { mtu: 1400 } }],
    ["kube-proxy", { kubeProxy: "Parked" }],
    ["a pool's security groups", { nodePools: { default: { securityGroupIds: ["sg-0a1b2c3d"] } } }],
    ["a pool's user data", { nodePools: { default: { userData: { featureGates: {} } } } }],
    ["a node pool", { nodePools: { default: { maxPods: 58 } } }],
    ["the Kubernetes version", { cluster: { kubernetesVersion: "1.34" } }],
    ["tags, which the launch template has", { tags: { team: "net" } }],
    [
      "a looked-up AMI release",
      {},
      { pools: released(settings().nodePools, { default: "1.35.7-20260801" }) },
    ],
  ])("waits again when there is a change of %s", async (_what, changes, args) => {
    expect(await digestOf(changes, args)).not.toBe(await digestOf({}));
  });

  it("does not wait again after an upgrade of this program", async () => {
    expect(await digestOf({})).toBe("316a0bd47b3b");
  });

  it("does not wait again for a change that leaves the nodes alone", async () => {
    expect(await digestOf({ cluster: { logTypes: [] } })).toBe(await digestOf({}));
  });
});
