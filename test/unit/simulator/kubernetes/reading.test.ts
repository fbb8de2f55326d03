import { beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import { Cluster, deployment, endpoint, felix, felixKey, namespace, subjectOf, valuesOf } from "./cluster.ts";

let cluster: Cluster;

beforeEach(() => {
  cluster = new Cluster();
});

describe("reading", () => {
  const read = (object: KubernetesObject = felix()) =>
    cluster.kubernetes.read(subjectOf("FelixConfiguration"), "default", valuesOf(object));

  it("finds what is there", async () => {
    await cluster.startOperator();
    cluster.apply(felix());

    expect(await read()).toEqual({
      id: "default",
      inputs: valuesOf(felix()),
      outputs: { ...valuesOf(felix()), __fieldManager: "pulumi-kubernetes-ours" },
    });
  });

  it("finds manual changes, and ignores what is not in the inputs", async () => {
    await cluster.startOperator();
    cluster.apply(felix());
    cluster.api.merge(felixKey, { spec: { awsSrcDstCheck: "DoNothing", wireguardEnabled: true } }, "kubectl");

    expect((await read())?.inputs).toEqual(valuesOf(felix({ awsSrcDstCheck: "DoNothing" })));
  });

  it("finds a field gone that was removed manually, and of a list as much as the inputs have", async () => {
    const wanted = felix({ awsSrcDstCheck: "Disable", bpfDSROptoutCIDRs: ["10.0.0.0/8"] });
    await cluster.startOperator();
    cluster.apply(felix({ bpfDSROptoutCIDRs: ["10.0.0.0/8", "10.1.0.0/16"] }));

    expect((await read(wanted))?.inputs).toEqual(valuesOf(felix({ bpfDSROptoutCIDRs: ["10.0.0.0/8"] })));
  });

  it("finds nothing where it is gone", async () => {
    expect(cluster.api.get(felixKey)).toBeUndefined();
    expect(await read()).toBeUndefined();
  });

  it("keeps in the state that the operator's Deployment is not available, unless skipAwait is set", async () => {
    cluster.apply(namespace, endpoint);
    const skipped = {
      ...deployment(),
      metadata: { ...deployment().metadata, annotations: { "pulumi.com/skipAwait": "true" } },
    };
    cluster.apply(skipped);
    const readOperator = (object: KubernetesObject) =>
      cluster.kubernetes.read(subjectOf("Deployment"), "tigera-operator/tigera-operator", valuesOf(object));

    await expect(readOperator(deployment())).rejects.toMatchObject({
      reasons: [
        "Resource 'tigera-operator' was created but failed to initialize",
        "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
        "Minimum number of live Pods was not attained",
      ],
    });
    expect(await readOperator(skipped)).toMatchObject({ id: "tigera-operator/tigera-operator" });
  });
});
