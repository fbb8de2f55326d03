import { beforeEach, describe, expect, it } from "vitest";
import { ApiServer } from "../../../simulator/kubernetes/apiServer.ts";
import { type KubernetesObject, keyOf } from "../../../simulator/kubernetes/object.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { installation, installationKey, pool } from "./cluster.ts";

let api: ApiServer;

beforeEach(() => {
  api = new ApiServer(() => {});
  api.defineKinds(["operator.tigera.io/v1/Installation"], "operator");
});

function configMap(data: Values): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace: "default" },
    data,
  };
}

const key = keyOf(configMap({}));

describe("server-side apply", () => {
  it("makes an object that is not there", () => {
    api.apply(configMap({ colour: "red" }), "us");

    expect(api.get(key)).toMatchObject(configMap({ colour: "red" }));
    expect(api.owners(key, "data", "colour")).toEqual(["us"]);
  });

  it("is refused where the object cannot be", () => {
    const elsewhere = { ...configMap({}), metadata: { name: "settings", namespace: "calico-system" } };

    expect(() => api.apply(elsewhere, "us")).toThrow('namespaces "calico-system" not found');
  });

  it("shares a field with who set it to the same value", () => {
    api.apply(configMap({ colour: "red" }), "us");
    api.apply(configMap({ colour: "red" }), "them");

    expect(api.owners(key, "data", "colour")).toEqual(["us", "them"]);
  });

  it("removes a field that its only owner gives up", () => {
    api.apply(configMap({ colour: "red", size: "small" }), "us");
    api.apply(configMap({ colour: "red" }), "us");

    expect(api.get(key)?.["data"]).toEqual({ colour: "red" });
  });

  it("keeps a field that one of two owners gives up", () => {
    api.apply(configMap({ colour: "red" }), "us");
    api.apply(configMap({ colour: "red" }), "them");
    api.apply(configMap({}), "them");

    expect(api.get(key)?.["data"]).toEqual({ colour: "red" });
    expect(api.owners(key, "data", "colour")).toEqual(["us"]);
  });

  it("leaves the fields of others alone", () => {
    api.apply(configMap({ colour: "red" }), "us");
    api.apply(configMap({ size: "small" }), "them");

    expect(api.get(key)?.["data"]).toEqual({ colour: "red", size: "small" });
  });

  it("takes a list as one field", () => {
    api.apply(installation("BPF", [pool]), "us");
    api.merge(installationKey, { spec: { calicoNetwork: { ipPools: [pool, pool] } } }, "operator");

    expect(api.owners(installationKey, "spec", "calicoNetwork", "ipPools")).toEqual(["operator"]);
  });

  it("does not mind the order of keys inside a list", () => {
    api.apply(installation("BPF", [pool]), "us");
    const turned = Object.fromEntries(Object.entries(pool).toReversed());
    api.merge(installationKey, { spec: { calicoNetwork: { ipPools: [turned] } } }, "operator");

    expect(api.owners(installationKey, "spec", "calicoNetwork", "ipPools")).toEqual(["us"]);
  });
});

describe("a conflict", () => {
  it("with another manager's apply names the manager and the field", () => {
    api.apply(configMap({ colour: "red" }), "them");

    expect(() => api.apply(configMap({ colour: "blue" }), "us")).toThrow(
      /^Apply failed with 1 conflict: conflict with "them": \.data\.colour$/,
    );
  });

  it("with what a controller wrote names the version, too", () => {
    api.apply(installation("BPF", [{ cidr: "192.168.0.0/16" }]), "us");
    api.merge(installationKey, { spec: { calicoNetwork: { ipPools: [pool] } } }, "operator");

    expect(() => api.apply(installation("BPF", [{ cidr: "192.168.0.0/16" }]), "us")).toThrow(
      /^Apply failed with 1 conflict: conflict with "operator" using operator\.tigera\.io\/v1: \.spec\.calicoNetwork\.ipPools$/,
    );
  });

  it("over several fields lists them by manager, in the order of the names", () => {
    api.apply(configMap({ colour: "red", size: "small" }), "zoe");
    api.apply(configMap({ shape: "round" }), "ann");

    expect(() => api.apply(configMap({ colour: "blue", size: "big", shape: "flat" }), "us")).toThrow(
      [
        "Apply failed with 3 conflicts: " + 'conflicts with "ann":',
        "- .data.shape",
        'conflicts with "zoe":',
        "- .data.colour",
        "- .data.size",
      ].join("\n"),
    );
  });

  it("changes nothing", () => {
    api.apply(configMap({ colour: "red" }), "them");

    expect(() => api.apply(configMap({ colour: "blue", size: "big" }), "us")).toThrow("1 conflict");
    expect(api.get(key)?.["data"]).toEqual({ colour: "red" });
  });

  it("is overruled by force, which takes the field over", () => {
    api.apply(configMap({ colour: "red" }), "them");
    api.apply(configMap({ colour: "blue" }), "us", { force: true });

    expect(api.get(key)?.["data"]).toEqual({ colour: "blue" });
    expect(api.owners(key, "data", "colour")).toEqual(["us"]);
  });

  it("does not arise with oneself", () => {
    api.create(configMap({ colour: "red" }), "us");
    api.apply(configMap({ colour: "blue" }), "us");

    expect(api.get(key)?.["data"]).toEqual({ colour: "blue" });
  });
});

describe("a dry run", () => {
  it("finds a conflict", () => {
    api.apply(configMap({ colour: "red" }), "them");

    expect(() => api.apply(configMap({ colour: "blue" }), "us", { dryRun: true })).toThrow("1 conflict");
  });

  it("changes nothing where there is none", () => {
    api.apply(configMap({ colour: "red" }), "us");
    api.apply(configMap({ colour: "blue" }), "us", { dryRun: true });

    expect(api.get(key)?.["data"]).toEqual({ colour: "red" });
  });

  it("makes no object", () => {
    api.apply(configMap({ colour: "red" }), "us", { dryRun: true });

    expect(api.get(key)).toBeUndefined();
  });
});
