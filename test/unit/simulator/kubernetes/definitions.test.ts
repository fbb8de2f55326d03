import { beforeEach, describe, expect, it } from "vitest";
import { ApiServer } from "../../../simulator/kubernetes/apiServer.ts";
import { operatorDefinition } from "../../../simulator/kubernetes/definitions.ts";
import { at, type KubernetesObject, keyOf, objectOf } from "../../../simulator/kubernetes/object.ts";
import { Cluster, installation, installationKey, valuesOf } from "./cluster.ts";

const kind = "operator.tigera.io/v1/Installation";
const name = "installations.operator.tigera.io";
const key = `apiextensions.k8s.io/v1/CustomResourceDefinition//${name}`;

/** A definition as the program writes it. */
function open(schema: object = { type: "object", "x-kubernetes-preserve-unknown-fields": true }) {
  const { spec, ...rest } = operatorDefinition(kind);
  const [version] = at(spec, "versions") as object[];
  const versions = [{ ...version, schema: { openAPIV3Schema: schema } }];
  return { ...rest, metadata: { name }, spec: { ...(spec as object), versions } } as KubernetesObject;
}

let api: ApiServer;

beforeEach(() => {
  api = new ApiServer(() => {});
});

describe("a definition", () => {
  it("makes a kind that was refused before", () => {
    expect(() => api.create(installation(), "us")).toThrow(/^no matches for kind "Installation"/);
    api.create(open(), "us");
    api.create(installation(), "us");

    expect(at(api.get(installationKey), "spec.calicoNetwork.linuxDataplane")).toBe("BPF");
  });

  it("is refused a second time", () => {
    api.create(open(), "us");

    expect(() => api.create(open(), "us")).toThrow(
      /^customresourcedefinitions\.apiextensions\.k8s\.io "installations\.operator\.tigera\.io" already exists$/,
    );
  });

  it("drops what its schema does not know, without a word", () => {
    api.create(open({ type: "object" }), "us");
    api.create(installation(), "us");

    expect(api.get(installationKey)).not.toHaveProperty("spec");
  });

  it("takes every object of its kind along, and no other", () => {
    api.create(open(), "us");
    api.create(installation(), "us");
    api.delete(key);

    expect(api.get(installationKey)).toBeUndefined();
    expect(api.list().map(({ metadata }) => metadata.name)).toEqual(["default", "kube-system"]);
  });

  it.each<[string, (definition: KubernetesObject) => KubernetesObject, RegExp]>([
    [
      "another name",
      (definition) => ({ ...definition, metadata: { name: "installation" } }),
      /must be spec\.names\.plural\+"\."\+spec\.group$/,
    ],
    [
      "no version",
      (definition) => ({ ...definition, spec: { ...(definition["spec"] as object), versions: [] } }),
      /must have exactly one version marked as storage version$/,
    ],
    ["no schema", () => open({}), /spec\.versions\[0\]\.schema\.openAPIV3Schema: Required value/],
  ])("with %s is refused", (_name, change, words) => {
    expect(() => api.create(change(open()), "us")).toThrow(words);
  });

  it("is the operator's once it starts: its schema takes the place of an open one, and objects stay", () => {
    api.create(open(), "us");
    api.create(installation(), "us");
    api.defineKinds([kind], "operator");

    expect(at(api.get(key), "spec.versions")).toEqual(at(operatorDefinition(kind), "spec.versions"));
    expect(api.owners(key, "spec", "versions")).toEqual(["operator"]);
    expect(api.get(installationKey)).toBeDefined();
    expect(() => api.apply(open(), "us")).toThrow(
      /^Apply failed with 1 conflict: conflict with "operator" using apiextensions\.k8s\.io\/v1: \.spec\.versions$/,
    );
  });
});

describe("Pulumi's names of a schema's fields", () => {
  it("are those of Kubernetes, with underscores", () => {
    const schema = { type: "object", x_kubernetes_preserve_unknown_fields: true };
    const written = objectOf(valuesOf(open(schema)));

    expect(at(written, "spec.versions")).toEqual(at(open(), "spec.versions"));
  });

  it("stay as they are in any other object", () => {
    const map = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a" },
      data: { x_kubernetes_a: "b" },
    };

    expect(objectOf(valuesOf(map))).toEqual(map);
  });
});

describe("reading", () => {
  const deployment = (annotations: Record<string, string> = {}) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "tigera-operator", namespace: "tigera-operator", annotations },
    spec: { template: { spec: { dnsPolicy: "Default" } } },
  });
  const read = async (cluster: Cluster, inputs: KubernetesObject) => {
    const type = `kubernetes:${inputs.apiVersion}:${inputs.kind}`;
    return cluster.kubernetes.read({ urn: "urn", type, name: "ours" }, "id", valuesOf(inputs));
  };

  it("finds an operator that is not available unhealthy, unless skipAwait is set", async () => {
    const cluster = new Cluster();
    await cluster.startOperator(0);

    await expect(read(cluster, deployment())).rejects.toThrow("Minimum number of live Pods was not attained");
    await expect(read(cluster, deployment({ "pulumi.com/skipAwait": "true" }))).resolves.toMatchObject({
      outputs: { status: { availableReplicas: 0 } },
    });
    cluster.join(1);
    await cluster.idle();
    await expect(read(cluster, deployment())).resolves.toMatchObject({
      outputs: { status: { availableReplicas: 1 } },
    });
  });

  it("finds a definition as the operator has left it, in the shape of the inputs", async () => {
    const cluster = new Cluster();
    cluster.api.create(open(), "us");
    await cluster.startOperator(1);
    const found = await read(cluster, open());

    expect(found?.inputs).toMatchObject({ metadata: { name } });
    expect(found?.inputs?.["metadata"]).toEqual({ name });
    expect(at(found?.inputs, "spec.versions")).toMatchObject([
      { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } },
    ]);
    expect(JSON.stringify(found?.inputs)).not.toContain("properties");
  });

  it("has all of what is imported, but what the API server counts", async () => {
    const cluster = new Cluster();
    await cluster.startOperator(1);
    const type = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
    const found = await cluster.kubernetes.read({ urn: "urn", type, name }, name, {});

    expect(found?.inputs).toEqual(operatorDefinition(kind));
    expect(keyOf(objectOf(found?.inputs ?? {}))).toBe(key);
    expect(await cluster.kubernetes.read({ urn: "urn", type, name }, "no.such", {})).toBeUndefined();
  });
});
