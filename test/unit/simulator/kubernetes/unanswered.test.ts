import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import { Cluster, subjectOf, valuesOf } from "./cluster.ts";

const configMap: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: "default" },
  data: { colour: "red" },
};
const key = "v1/ConfigMap/default/settings";
const blue = { ...configMap, data: { colour: "blue" } };

describe("an endpoint that does not answer where Pulumi runs", () => {
  it("refuses every call but the preview of a creation", async () => {
    const cluster = new Cluster();
    const { kubernetes } = cluster;
    const subject = subjectOf("ConfigMap");
    const values = valuesOf(configMap);
    await kubernetes.create(subject, values, false);
    cluster.endpointProblem = "dial tcp 10.40.255.1:443: i/o timeout";

    await kubernetes.create(subject, valuesOf(blue), true);
    await expect(kubernetes.create(subject, values, false)).rejects.toThrow(
      /^configured Kubernetes cluster is unreachable: dial tcp 10\.40\.255\.1:443: i\/o timeout$/,
    );
    await expect(kubernetes.update(subject, key, values, valuesOf(blue), false)).rejects.toThrow(
      "i/o timeout",
    );
    await expect(kubernetes.read(subject, key, values)).rejects.toThrow("i/o timeout");
    await expect(kubernetes.delete(subject, key, values)).rejects.toThrow("i/o timeout");
    expect(cluster.api.get(key)?.["data"]).toEqual({ colour: "red" });
  });
});
