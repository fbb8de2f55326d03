import { beforeEach, describe, expect, it } from "vitest";
import { ApiServer } from "../../../simulator/kubernetes/apiServer.ts";
import { type KubernetesObject, keyOf } from "../../../simulator/kubernetes/object.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { installation, installationKey, pool } from "./cluster.ts";

let changes: number;
let api: ApiServer;

beforeEach(() => {
  changes = 0;
  api = new ApiServer(() => {
    changes += 1;
  });
  api.defineKinds(["operator.tigera.io/v1/Installation"], "operator");
  changes = 0;
});

const configMap: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: "default" },
  data: { colour: "red", size: "small" },
};
const key = keyOf(configMap);

function withData(data: Values): KubernetesObject {
  return { ...configMap, data };
}

describe("creating", () => {
  it("makes an object of generation 1, every field of which belongs to its maker", () => {
    api.create(configMap, "us");

    expect(api.get(key)).toEqual({ ...configMap, metadata: { ...configMap.metadata, generation: 1 } });
    expect(api.owners(key, "data", "colour")).toEqual(["us"]);
    expect(changes).toBe(1);
  });

  it("is refused for an object that is there", () => {
    api.create(configMap, "us");

    expect(() => api.create(configMap, "us")).toThrow(/^configmaps "settings" already exists$/);
  });

  it("names the group of a kind that has one", () => {
    api.create(installation(), "us");

    expect(() => api.create(installation(), "us")).toThrow(
      /^installations\.operator\.tigera\.io "default" already exists$/,
    );
  });

  it("is refused where there is no such namespace", () => {
    const elsewhere = { ...configMap, metadata: { name: "settings", namespace: "calico-system" } };

    expect(() => api.create(elsewhere, "us")).toThrow(/^namespaces "calico-system" not found$/);
  });

  it("is refused for a kind that is not served, and possible once it is", () => {
    const goldmane = { apiVersion: "operator.tigera.io/v1", kind: "Goldmane", metadata: { name: "default" } };

    expect(() => api.create(goldmane, "us")).toThrow(
      /^no matches for kind "Goldmane" in version "operator.tigera.io\/v1"$/,
    );
    api.defineKinds(["operator.tigera.io/v1/Goldmane"], "operator");
    api.create(goldmane, "us");
    expect(api.get(keyOf(goldmane))).toMatchObject(goldmane);
  });
});

describe("a manager that writes as a controller does", () => {
  beforeEach(() => api.create(configMap, "us"));

  it("owns what it changed and nothing else", () => {
    api.merge(key, { data: { colour: "blue", size: "small" } }, "operator");

    expect(api.get(key)?.["data"]).toEqual({ colour: "blue", size: "small" });
    expect(api.owners(key, "data", "colour")).toEqual(["operator"]);
    expect(api.owners(key, "data", "size")).toEqual(["us"]);
  });

  it("makes no change by writing what is there", () => {
    api.merge(key, { data: { colour: "red" } }, "operator");

    expect(changes).toBe(1);
  });

  it("does not make an object that is not there", () => {
    api.merge("v1/ConfigMap/default/other", { data: { colour: "red" } }, "operator");

    expect(api.get("v1/ConfigMap/default/other")).toBeUndefined();
  });
});

describe("the generation", () => {
  beforeEach(() => api.create(installation(), "us"));

  it("grows with the spec, with any client", () => {
    api.apply(installation("Iptables"), "us");
    expect(api.get(installationKey)?.metadata.generation).toBe(2);
    api.merge(installationKey, { spec: { variant: "Calico" } }, "operator");
    expect(api.get(installationKey)?.metadata.generation).toBe(3);
  });

  it.each<[string, Values]>([
    ["metadata", { metadata: { annotations: { note: "new" } } }],
    ["the status", { status: { conditions: [{ type: "Ready", status: "True" }] } }],
  ])("stays where only %s changes", (_, patch) => {
    api.merge(installationKey, patch, "operator");

    expect(changes).toBe(2);
    expect(api.get(installationKey)?.metadata.generation).toBe(1);
  });

  it("is the API server's own: one that is sent is not heeded", () => {
    const { metadata } = installation();
    api.apply({ ...installation(), metadata: { ...metadata, generation: 9 } }, "us");

    expect(api.get(installationKey)?.metadata.generation).toBe(1);
  });
});

describe("deleting", () => {
  it("takes an object away", () => {
    api.create(configMap, "us");
    api.delete(key);

    expect(api.get(key)).toBeUndefined();
    expect(api.list().map(({ metadata }) => metadata.name)).toEqual([
      "default",
      "kube-system",
      "installations.operator.tigera.io",
    ]);
  });

  it("waits for finalizers: the object stays, marked, until the last one is gone", () => {
    api.create(installation(), "us");
    api.merge(installationKey, { metadata: { finalizers: ["a", "b"] } }, "operator");
    api.delete(installationKey);
    expect(api.get(installationKey)?.metadata.deletionTimestamp).toBe("now");
    api.merge(installationKey, { metadata: { finalizers: ["b"] } }, "operator");
    expect(api.get(installationKey)).toBeDefined();
    api.merge(installationKey, { metadata: { finalizers: [] } }, "operator");
    expect(api.get(installationKey)).toBeUndefined();
  });

  it("of what is not there changes nothing", () => {
    api.delete(key);

    expect(changes).toBe(0);
  });
});

describe("clearing", () => {
  it("leaves what every new cluster has, and no kind that was installed", () => {
    api.create(installation("BPF", [pool]), "us");
    api.clear();

    expect(api.list().map(({ metadata }) => metadata.name)).toEqual(["default", "kube-system"]);
    expect(api.serves(installation())).toBe(false);
  });
});

describe("an empty mapping", () => {
  it("does not delete what another client put into it", () => {
    api.create(withData({}), "us");
    api.merge(key, { data: { colour: "red" } }, "operator");
    api.apply(withData({}), "third");

    expect(api.get(key)?.["data"]).toEqual({ colour: "red" });
  });

  it("does not wipe out what was there before it", () => {
    api.create({ ...configMap, data: { colour: "red" } }, "operator");
    api.apply(withData({}), "us");

    expect(api.get(key)?.["data"]).toEqual({ colour: "red" });
  });
});

describe("kinds that others have installed", () => {
  const monitor = { apiVersion: "monitoring.coreos.com/v1", kind: "ServiceMonitor" };

  it("are there from the start of every cluster", () => {
    const shared = new ApiServer(() => {}, ["monitoring.coreos.com/v1/ServiceMonitor"]);
    shared.clear();

    expect(shared.serves(monitor)).toBe(true);
  });

  it("are not there otherwise", () => {
    expect(api.serves(monitor)).toBe(false);
  });
});
