import { beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import { UNKNOWN, type Values } from "../../../simulator/protocol/provider.ts";
import { Cluster, endpoint, installation, namespace, subjectOf, valuesOf } from "./cluster.ts";

let cluster: Cluster;

beforeEach(() => {
  cluster = new Cluster();
});

const configMap: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: "default" },
  data: { colour: "red" },
};
const key = "v1/ConfigMap/default/settings";
const blue = { ...configMap, data: { colour: "blue" } };

describe("checking", () => {
  const failures = (news: Values) =>
    cluster.kubernetes.check(subjectOf("ConfigMap"), undefined, news).failures;

  it("takes an object with a name, and gives its inputs back", () => {
    const news = valuesOf(configMap);

    expect(cluster.kubernetes.check(subjectOf("ConfigMap"), undefined, news)).toEqual({
      inputs: news,
      failures: [],
    });
  });

  it.each<[string, Values]>([
    ["without a name", { apiVersion: "v1", kind: "ConfigMap", metadata: {} }],
    ["without metadata", { apiVersion: "v1", kind: "ConfigMap" }],
  ])("refuses one %s", (_, news) => {
    expect(failures(news)).toEqual(["metadata.name is required"]);
  });

  it("takes one whose name is not known yet", () => {
    expect(failures({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: UNKNOWN } })).toEqual([]);
  });
});

describe("comparing", () => {
  const diff = (news: KubernetesObject) =>
    cluster.kubernetes.diff(subjectOf("ConfigMap"), valuesOf(configMap), valuesOf(news));

  it.each<[string, KubernetesObject, string[], string[]]>([
    ["nothing", configMap, [], []],
    ["data", blue, ["data"], []],
    ["what is left out", { apiVersion: "v1", kind: "ConfigMap", metadata: configMap.metadata }, ["data"], []],
    [
      "labels",
      { ...configMap, metadata: { ...configMap.metadata, annotations: { a: "b" } } },
      ["metadata"],
      [],
    ],
    ["the name", { ...configMap, metadata: { name: "x", namespace: "default" } }, ["metadata"], ["metadata"]],
    ["the namespace", { ...configMap, metadata: { name: "settings" } }, ["metadata"], ["metadata"]],
    ["the kind", { ...configMap, kind: "Secret" }, ["kind"], ["kind"]],
  ])("finds a change of %s", (_, news, changed, replaces) => {
    expect(diff(news)).toEqual({ changed, replaces, deleteBeforeReplace: true });
  });

  it("replaces nothing while the name is not known yet", () => {
    expect(diff({ ...configMap, metadata: { name: UNKNOWN } }).replaces).toEqual([]);
  });
});

describe("creating", () => {
  it("makes the object and returns where it is", async () => {
    expect(await cluster.create("ConfigMap", configMap)).toEqual({
      id: "default/settings",
      outputs: { ...valuesOf(configMap), __fieldManager: "pulumi-kubernetes-ours" },
    });
    expect(cluster.api.get(key)).toMatchObject(configMap);
  });

  it("refuses what is there already", async () => {
    await cluster.create("ConfigMap", configMap);

    await expect(cluster.create("ConfigMap another", configMap)).rejects.toThrow(
      /^resource "another" was not successfully created by the Kubernetes API server: configmaps "settings" already exists$/,
    );
  });

  it("makes nothing in a preview, and refuses nothing", async () => {
    await cluster.create("ConfigMap", configMap, true);
    expect(cluster.api.get(key)).toBeUndefined();
    await cluster.create("ConfigMap", configMap);
    expect(await cluster.create("ConfigMap", blue, true)).toEqual({ id: "", outputs: valuesOf(blue) });
    expect(await cluster.create("Installation", installation(), true)).toMatchObject({ id: "" });
  });

  it("waits for its namespace", async () => {
    const created = cluster.create("ConfigMap", endpoint);
    await cluster.create("Namespace", namespace);

    expect(await created).toMatchObject({ id: "tigera-operator/kubernetes-services-endpoint" });
  });

  it("does not wait for its namespace forever", async () => {
    await expect(cluster.create("ConfigMap", endpoint)).rejects.toThrow(
      /^resource "ours" was not successfully created by the Kubernetes API server: namespaces "tigera-operator" not found$/,
    );
    expect(cluster.activity.timedOut).toMatchObject([
      { what: "namespace tigera-operator", timeoutSeconds: 63, providedBy: ["kubernetes:core/v1:Namespace"] },
    ]);
  });

  it("waits for its kind, which comes with the operator", async () => {
    const created = cluster.create("Installation", installation());
    await cluster.startOperator();

    expect(await created).toMatchObject({ id: "default" });
  });

  it("does not wait for its kind forever", async () => {
    await expect(cluster.create("Installation", installation())).rejects.toThrow(
      /^creation of resource "ours" with kind operator\.tigera\.io\/v1\/Installation failed because the Kubernetes API server reported that the apiVersion for this resource does not exist\. Verify that any required CRDs have been created: no matches for kind "Installation" in version "operator\.tigera\.io\/v1"$/,
    );
    expect(cluster.activity.timedOut).toMatchObject([
      {
        what: "the kind Installation of operator.tigera.io/v1",
        timeoutSeconds: 63,
        providedBy: [
          "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
          "kubernetes:helm.sh/v4:Chart",
        ],
      },
    ]);
  });
});

describe("deleting", () => {
  it("takes the object away", async () => {
    await cluster.create("ConfigMap", configMap);
    await cluster.delete("ConfigMap", configMap);

    expect(cluster.api.get(key)).toBeUndefined();
  });

  it("of an Installation waits for the operator, in vain when that is gone", async () => {
    await cluster.startOperator();
    await cluster.create("Installation", installation());
    await cluster.idle();
    cluster.api.delete("apps/v1/Deployment/tigera-operator/tigera-operator");

    await expect(cluster.delete("Installation", installation())).rejects.toThrow(
      "timed out after 600 s waiting for the finalizers of Installation default to be removed by the operator",
    );
  });
});

it("there is no function to call", async () => {
  await expect(cluster.kubernetes.invoke("kubernetes:yaml:decode")).rejects.toThrow(
    "unknown function kubernetes:yaml:decode",
  );
});

describe("a cluster that does not answer", () => {
  const removable =
    'If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"';

  beforeEach(() => {
    cluster.endpointHost = undefined;
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      "creating",
      () => cluster.create("ConfigMap", configMap),
      "configured Kubernetes cluster is unreachable: connection refused",
    ],
    [
      "updating",
      () => cluster.update("ConfigMap", configMap, blue),
      "configured Kubernetes cluster is unreachable: connection refused",
    ],
    [
      "deleting",
      () => cluster.delete("ConfigMap", configMap),
      `configured Kubernetes cluster is unreachable. ${removable}`,
    ],
    [
      "reading",
      () => cluster.kubernetes.read(subjectOf("ConfigMap"), "default/settings", valuesOf(configMap)),
      `failed to read resource state due to unreachable cluster. ${removable}`,
    ],
  ])("fails %s", async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });

  it("does not fail a preview of what would be created", async () => {
    expect(await cluster.create("ConfigMap", configMap, true)).toMatchObject({ id: "" });
  });
});
