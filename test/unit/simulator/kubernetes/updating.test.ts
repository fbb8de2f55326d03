import { beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import { UNKNOWN } from "../../../simulator/protocol/provider.ts";
import { Cluster, subjectOf, valuesOf } from "./cluster.ts";

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
const stateOf = (object: KubernetesObject) => ({
  ...valuesOf(object),
  __fieldManager: "pulumi-kubernetes-ours",
});
const blue = { ...configMap, data: { colour: "blue" } };

describe("updating", () => {
  beforeEach(() => cluster.create("ConfigMap", configMap));

  it("changes the object and returns the new inputs", async () => {
    expect(await cluster.update("ConfigMap", configMap, blue)).toEqual(stateOf(blue));
    expect(cluster.at(key, "data.colour")).toBe("blue");
  });

  it("changes nothing in a preview", async () => {
    expect(await cluster.update("ConfigMap", configMap, blue, true)).toEqual(stateOf(blue));
    expect(cluster.at(key, "data.colour")).toBe("red");
  });

  it("does not look at what is not known yet", async () => {
    const unknown = { ...blue, metadata: { name: UNKNOWN } };

    expect(await cluster.update("ConfigMap", configMap, unknown, true)).toEqual(valuesOf(unknown));
  });

  it("is refused for an object that is gone", async () => {
    cluster.api.delete(key);

    await expect(cluster.update("ConfigMap", configMap, blue)).rejects.toThrow(
      /^update of resource "ours" failed: configmaps "settings" not found$/,
    );
  });

  const conflict = [
    'the Kubernetes API server reported that "ours" failed to fully initialize or become live: server-side apply field conflict detected, see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources for troubleshooting help',
    'The resource managed by field manager "pulumi-kubernetes-ours" had an apply conflict: Apply failed with 1 conflict: conflict with "someone" using v1: .data.colour',
  ].join("\n");

  it("that conflicts leaves the new inputs in the state, with the reason", async () => {
    cluster.api.merge(key, { data: { colour: "green" } }, "someone");

    await expect(cluster.update("ConfigMap", configMap, blue)).rejects.toMatchObject({
      state: { id: "settings", outputs: stateOf(blue) },
      reasons: [conflict],
    });
    expect(cluster.at(key, "data.colour")).toBe("green");
  });

  it("that conflicts is refused in the preview already, once there was an update", async () => {
    await cluster.update("ConfigMap", configMap, configMap);
    cluster.api.merge(key, { data: { colour: "green" } }, "someone");

    await expect(cluster.update("ConfigMap", configMap, blue, true)).rejects.toThrow(conflict);
  });

  it("that conflicts is seen in no preview before the first update: the object is all the POST's", async () => {
    cluster.api.merge(key, { data: { colour: "green" } }, "someone");

    expect(await cluster.update("ConfigMap", configMap, blue, true)).toEqual(stateOf(blue));
  });

  it.each(["kubectl-patch", "kubectl-edit", "kubectl-client-side-apply"])(
    "takes over what %s wrote, in no preview, and drops what it does not set",
    async (manager) => {
      await cluster.update("ConfigMap", configMap, configMap);
      cluster.api.merge(key, { data: { colour: "green", size: "10" } }, manager);

      await expect(cluster.update("ConfigMap", configMap, blue, true)).rejects.toThrow("1 conflict");
      await cluster.update("ConfigMap", configMap, blue);

      expect(cluster.at(key, "data")).toEqual({ colour: "blue" });
    },
  );

  it("leaves alone what a controller wrote next to it", async () => {
    cluster.api.merge(key, { data: { size: "10" } }, "operator");
    await cluster.update("ConfigMap", configMap, blue);

    expect(cluster.at(key, "data")).toEqual({ colour: "blue", size: "10" });
  });

  it("is forced everywhere where the provider says enablePatchForce", async () => {
    await cluster.update("ConfigMap", configMap, configMap);
    cluster.api.merge(key, { data: { colour: "green" } }, "someone");
    cluster.kubernetes.configure({ kubeconfig: "{}", enablePatchForce: "true" });

    await cluster.update("ConfigMap", configMap, blue, true);
    await cluster.update("ConfigMap", configMap, blue);

    expect(cluster.at(key, "data.colour")).toBe("blue");
  });

  it("keeps the field manager of the state when the program no longer names one", async () => {
    const patch = { ...configMap, metadata: { ...configMap.metadata, annotations: {} } };
    const state = { ...valuesOf(patch), __fieldManager: "named-before" };
    const { kubernetes } = cluster;
    const subject = subjectOf("ConfigMapPatch");

    await kubernetes.update(subject, "default/settings", valuesOf(patch), valuesOf(patch), false, state);

    expect(cluster.api.owners(key, "data", "colour")).toContain("named-before");
  });

  it("takes a field over where the program insists", async () => {
    cluster.api.merge(key, { data: { colour: "green" } }, "someone");
    const annotations = { "pulumi.com/patchForce": "true" };
    await cluster.update("ConfigMap", configMap, {
      ...blue,
      metadata: { ...blue.metadata, annotations },
    });

    expect(cluster.at(key, "data.colour")).toBe("blue");
  });
});
