import { setImmediate as nextTurn } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import { Cluster, deployment, endpoint, felix, felixKey, installation, namespace } from "./cluster.ts";

let cluster: Cluster;

beforeEach(async () => {
  cluster = new Cluster();
  await cluster.startOperator();
});

function annotated(object: KubernetesObject, annotations: Record<string, string>): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, annotations } };
}

const skipAwait = { "pulumi.com/skipAwait": "true" };

function gate(waitFor: string): KubernetesObject {
  const { spec: _, ...bare } = felix();
  return annotated(bare, { "pulumi.com/waitFor": waitFor, "pulumi.com/timeoutSeconds": "900" });
}

const dataplaneGate = gate("jsonpath={.spec.bpfEnabled}=true");

const readyGate: KubernetesObject = annotated(
  { apiVersion: "operator.tigera.io/v1", kind: "Installation", metadata: { name: "default" } },
  { "pulumi.com/waitFor": "condition=Ready", "pulumi.com/timeoutSeconds": "900" },
);

describe("the dataplane gate", () => {
  it("passes once the operator has switched", async () => {
    await cluster.create("FelixConfiguration", felix());
    const passed = cluster.create("FelixConfigurationPatch gate", dataplaneGate);
    await cluster.create("Installation", installation());

    expect(await passed).toMatchObject({ id: "default" });
  });

  it("says on the way what it waits for and what it found, and in the end nothing of that, as the real one", async () => {
    await cluster.create("FelixConfiguration", felix());
    await cluster.create("Installation", installation("Iptables"));
    const passed = cluster.create("FelixConfigurationPatch gate", dataplaneGate);
    await nextTurn();

    expect(cluster.activity.waiting).toMatchObject([
      {
        what: 'FelixConfiguration default: Waiting for {.spec.bpfEnabled}=true (found "false")',
        providedBy: ["aws:eks/nodeGroup:NodeGroup"],
        timeoutSeconds: 900,
      },
    ]);
    await expect(passed).rejects.toMatchObject({
      state: { id: "default" },
      reasons: [
        'resource "gate" was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live: timed out waiting for the condition',
      ],
    });
  });

  it("waits again when an update changes it", async () => {
    await cluster.create("FelixConfiguration", felix());
    await cluster.create("Installation", installation());
    await cluster.create("FelixConfigurationPatch gate", dataplaneGate);
    const off = gate("jsonpath={.spec.bpfEnabled}=false");

    await expect(cluster.update("FelixConfigurationPatch gate", dataplaneGate, off)).rejects.toMatchObject({
      reasons: [
        'the Kubernetes API server reported that "gate" failed to fully initialize or become live: timed out waiting for the condition',
      ],
    });
  });
});

describe("the ready gate", () => {
  it("passes when calico-node is ready on every node", async () => {
    await cluster.create("FelixConfiguration", felix());
    await cluster.create("Installation", installation());

    expect(await cluster.create("InstallationPatch gate", readyGate)).toMatchObject({ id: "default" });
  });

  it("does not say which node is not, as the real one", async () => {
    cluster.mayTurnCheckOff = false;
    cluster.instances.delete("i-2");
    await cluster.create("FelixConfiguration", felix());
    await cluster.create("Installation", installation());

    await expect(cluster.create("InstallationPatch gate", readyGate)).rejects.toMatchObject({
      reasons: [
        'resource "gate" was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live: timed out waiting for the condition',
      ],
    });
    expect(cluster.activity.timedOut.map(({ what }) => what)).toEqual([
      "Installation default: Resource has condition Ready=False (want True)",
    ]);
  });
});

describe("a gate's annotation, in the object that both write", () => {
  const broken = async (annotations: Record<string, string>) => {
    const before = annotated(installation(), annotations);
    cluster.mayTurnCheckOff = false;
    await cluster.create("FelixConfiguration", felix());
    await cluster.create("Installation", before);
    await cluster.create("InstallationPatch gate", readyGate).catch(() => undefined);
    return cluster.update("Installation", before, annotated(installation("Iptables"), annotations));
  };

  it("makes the next update of the Installation wait as well", async () => {
    await expect(broken({})).rejects.toThrow("timed out waiting for the condition");
  });

  it("does not where the Installation's own inputs say not to wait", async () => {
    await broken(skipAwait);

    expect(cluster.at(felixKey, "spec.bpfEnabled")).toBe(false);
  });

  it("does not bring its time limit along: that is read from the inputs", async () => {
    await broken({}).catch(() => undefined);

    expect(cluster.activity.timedOut.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([900, 600]);
  });

  it("does not keep the gate itself from waiting where the object says not to", async () => {
    cluster.mayTurnCheckOff = false;
    await cluster.create("FelixConfiguration", felix());
    await cluster.create("Installation", annotated(installation(), skipAwait));

    await expect(cluster.create("InstallationPatch gate", readyGate)).rejects.toThrow(
      "timed out waiting for the condition",
    );
  });
});

describe("the operator's Deployment", () => {
  it("is awaited until its pod runs", async () => {
    const other = new Cluster();
    other.apply(namespace, endpoint);
    const created = other.create("Deployment", deployment());
    await nextTurn();
    expect(other.activity.waiting.map(({ what }) => what)).toEqual([
      "a node on which the operator's pod can run",
    ]);
    other.join(1);
    await created;
    expect(other.kubernetes.operator.available).toBe(true);
  });

  it("fails with the provider's words, which do not say what was missing", async () => {
    const other = new Cluster();
    other.apply(namespace, endpoint);

    await expect(other.create("Deployment", deployment())).rejects.toThrow(
      "'tigera-operator' timed out waiting to be Ready; [MinimumReplicasUnavailable] Deployment does not have minimum availability.; Minimum number of live Pods was not attained",
    );
  });

  it("is not awaited where it says so", async () => {
    const other = new Cluster();
    other.apply(namespace, endpoint);
    await other.create("Deployment", annotated(deployment(), skipAwait));

    expect(other.kubernetes.operator.available).toBe(false);
  });
});
