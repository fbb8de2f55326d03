import { beforeEach, describe, expect, it } from "vitest";
import { kubeProxyState } from "../../../simulator/kubernetes/addons.ts";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import { Cluster, felix, felixKey, installation, installationKey, subjectOf, valuesOf } from "./cluster.ts";

let cluster: Cluster;

beforeEach(() => {
  cluster = new Cluster();
});

function kubeProxy(spec: object, patchFieldManager = "ours"): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: {
      name: "kube-proxy",
      namespace: "kube-system",
      annotations: { "pulumi.com/patchFieldManager": patchFieldManager },
    },
    ...spec,
  };
}

const parked = kubeProxy({ spec: { template: { spec: { nodeSelector: { "non-calico": "true" } } } } });
const running = kubeProxy({});

describe("kube-proxy", () => {
  const addon = (kind: "created" | "updated" | "deleted") =>
    cluster.kubernetes.onAddon({ kind, name: "kube-proxy", clusterName: "dev" });

  it("is Absent without its add-on, and Running with it", () => {
    expect(kubeProxyState(cluster.api)).toBe("Absent");
    addon("created");
    expect(kubeProxyState(cluster.api)).toBe("Running");
    addon("deleted");
    expect(kubeProxyState(cluster.api)).toBe("Absent");
  });

  it("is Parked by a patch, and by an update of the add-on as well", async () => {
    addon("created");
    await cluster.create("DaemonSetPatch", parked);
    expect(kubeProxyState(cluster.api)).toBe("Parked");
    addon("updated");
    expect(kubeProxyState(cluster.api)).toBe("Parked");
  });

  it("runs again when an update drops the selector", async () => {
    addon("created");
    await cluster.create("DaemonSetPatch", parked);
    await cluster.update("DaemonSetPatch", parked, running);

    expect(kubeProxyState(cluster.api)).toBe("Running");
  });

  it("runs again when the patch is deleted, which does not delete it", async () => {
    addon("created");
    await cluster.create("DaemonSetPatch", parked);
    await cluster.delete("DaemonSetPatch", parked);

    expect(kubeProxyState(cluster.api)).toBe("Running");
  });

  it("goes over to a new manager, which has to insist, because the old one is named in the object", async () => {
    const renamed = (force: string): KubernetesObject => ({
      ...parked,
      metadata: {
        ...parked.metadata,
        annotations: { "pulumi.com/patchFieldManager": "renamed", "pulumi.com/patchForce": force },
      },
    });
    addon("created");
    await cluster.create("DaemonSetPatch", parked);

    await expect(cluster.update("DaemonSetPatch", parked, renamed("false"))).rejects.toThrow(
      'conflict with "ours": .metadata.annotations.pulumi.com/patchFieldManager',
    );
    await cluster.update("DaemonSetPatch", parked, renamed("true"));
    expect(kubeProxyState(cluster.api)).toBe("Parked");
    const selector = ["spec", "template", "spec", "nodeSelector", "non-calico"];
    expect(cluster.api.owners("apps/v1/DaemonSet/kube-system/kube-proxy", ...selector)).toEqual(["renamed"]);
  });

  it("cannot be made by a patch", async () => {
    await expect(cluster.create("DaemonSetPatch", parked)).rejects.toThrow(
      /^resource "ours" was not successfully created by the Kubernetes API server: DaemonSet\.apps "kube-proxy" is invalid: spec\.selector: Required value$/,
    );
  });

  it("whose patch is deleted after it stops the deletion: nothing of the kind can be empty", async () => {
    addon("created");
    await cluster.create("DaemonSetPatch", parked);
    addon("deleted");

    await expect(cluster.delete("DaemonSetPatch", parked)).rejects.toThrow(
      /^this Patch resource is currently managing a required field, so it can't be deleted directly\. Either set the `retainOnDelete` resource option, or transfer ownership of the field before deleting: spec\.selector$/,
    );
  });
});

it("an add-on without a workload that matters changes nothing", () => {
  cluster.kubernetes.onAddon({ kind: "created", name: "snapshot-controller", clusterName: "dev" });

  expect(cluster.api.list().map(({ metadata }) => metadata.name)).toEqual(["default", "kube-system"]);
});

describe("a patch", () => {
  const patch = (dataplane: string, force = false): KubernetesObject => ({
    ...installation(),
    metadata: { name: "default", annotations: force ? { "pulumi.com/patchForce": "true" } : {} },
    spec: { calicoNetwork: { linuxDataplane: dataplane } },
  });

  beforeEach(() => cluster.startOperator());

  it("of someone else's field is a conflict", async () => {
    cluster.apply(felix(), installation("Iptables"));

    await expect(cluster.create("InstallationPatch", patch("BPF"))).rejects.toThrow(
      'The resource managed by field manager "pulumi-kubernetes-ours" had an apply conflict: Apply failed with 1 conflict: conflict with "program": .spec.calicoNetwork.linuxDataplane',
    );
  });

  it("takes the field over where the program insists, and its deletion leaves the operator's default", async () => {
    cluster.apply(felix(), installation("Iptables"));
    await cluster.create("InstallationPatch", patch("BPF", true));
    expect(cluster.at(installationKey, "spec.calicoNetwork.linuxDataplane")).toBe("BPF");
    await cluster.delete("InstallationPatch", patch("BPF", true));
    expect(cluster.at(installationKey, "spec.calicoNetwork.linuxDataplane")).toBe("Iptables");
  });

  it("of what is not there makes it: it is an apply like any other", async () => {
    await cluster.create("FelixConfigurationPatch", felix());

    expect(cluster.at(felixKey, "spec.awsSrcDstCheck")).toBe("Disable");
  });

  it("of what is gone makes it once more, and empty, when it is deleted", async () => {
    await cluster.create("FelixConfigurationPatch", felix());
    cluster.api.delete(felixKey);
    await cluster.delete("FelixConfigurationPatch", felix());

    expect(cluster.api.get(felixKey)).toMatchObject({ metadata: { name: "default" } });
    expect(cluster.api.get(felixKey)).not.toHaveProperty("spec");
  });

  it("of a namespace that is not there makes it, and its deletion leaves it", async () => {
    const namespace: KubernetesObject = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "shop", labels: { ours: "true" } },
    };
    await cluster.create("NamespacePatch", namespace);
    expect(cluster.at("v1/Namespace//shop", "metadata.labels.ours")).toBe("true");

    await cluster.delete("NamespacePatch", namespace);
    expect(cluster.at("v1/Namespace//shop", "metadata.name")).toBe("shop");
    expect(cluster.at("v1/Namespace//shop", "metadata.labels.ours")).toBeUndefined();
  });
});

describe("two patches of one object", () => {
  const key = "v1/ConfigMap/default/shared";
  const patch = (field: string, fieldManager?: string): KubernetesObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "shared",
      namespace: "default",
      annotations: {
        "pulumi.com/patchForce": "true",
        ...(fieldManager === undefined ? {} : { "pulumi.com/patchFieldManager": fieldManager }),
      },
    },
    data: { [field]: "ours" },
  });

  /** Reads a patch as a refresh does, and deletes what the refresh left in the state. */
  async function refreshedAndDeleted(object: KubernetesObject, name: string): Promise<void> {
    const subject = subjectOf(`ConfigMapPatch ${name}`);
    const outputs = { ...valuesOf(object), __fieldManager: object.metadata.annotations?.[named] ?? name };
    const state = await cluster.kubernetes.read(subject, "default/shared", valuesOf(object), outputs);
    await cluster.kubernetes.delete(subject, "default/shared", state?.outputs ?? {});
  }

  const named = "pulumi.com/patchFieldManager";

  it("that both name a field manager lose the fields of one after a refresh, and keep the other's", async () => {
    await cluster.create("ConfigMapPatch first", patch("one", "first"));
    await cluster.create("ConfigMapPatch second", patch("two", "second"));

    await refreshedAndDeleted(patch("one", "first"), "first");

    expect(cluster.at(key, "data")).toEqual({ one: "ours" });
  });

  it("of which only one names it give back their own fields", async () => {
    await cluster.create("ConfigMapPatch first", patch("one", "first"));
    await cluster.create("ConfigMapPatch second", patch("two"));

    await refreshedAndDeleted(patch("one", "first"), "first");

    expect(cluster.at(key, "data")).toEqual({ two: "ours" });
  });
});
