import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { CalicoReady, ManifestCalico, OperatorCalico } from "../../../../components/existing/calico.ts";
import {
  DataplaneSwitch,
  DnsRestart,
  ParkedKubeProxy,
} from "../../../../components/existing/dataplaneSwitch.ts";
import { record } from "../../../../infra/commands/shared/plan/recorder.ts";
import { address, type ExistingChange, existingSettings, manifest } from "../../../support/existing.ts";
import { before, dependenciesOf, find, registered } from "../../../support/graph.ts";

const felixType = "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch";
const installationType = "kubernetes:operator.tigera.io/v1:InstallationPatch";
const daemonSetType = "kubernetes:apps/v1:DaemonSetPatch";
const deploymentType = "kubernetes:apps/v1:DeploymentPatch";
const jobType = "kubernetes:batch/v1:Job";

const felixApiVersion = "crd.projectcalico.org/v1" as const;

const byOperator = (change: ExistingChange = {}, endpointIsThere = false) =>
  record(() => operatorCalico(change, endpointIsThere));

const operatorCalico = (change: ExistingChange = {}, endpointIsThere = false) =>
  new OperatorCalico("calico", {
    settings: existingSettings(change),
    address,
    endpointIsThere,
    felixApiVersion,
  });

const byManifest = (change: ExistingChange = {}, nodeCount = 3) =>
  record(
    () =>
      new ManifestCalico("calico", {
        settings: existingSettings(change),
        address,
        endpointIsThere: false,
        felixApiVersion,
        workloads: manifest.workloads,
        nodeCount,
      }),
  );

describe("Calico of a cluster that is there by its operator", () => {
  it("is prepared by patches, in the order of the guide", async () => {
    const { resources } = await byOperator();
    const felix = find(resources, felixType);

    expect(registered(resources)).toEqual([
      "calico-ebpf-eks:index:OperatorCalico calico",
      `${deploymentType} tigera-operator`,
      "kubernetes:core/v1:ConfigMap kubernetes-services-endpoint",
      `${felixType} felix-configuration`,
    ]);
    expect([...before(resources, felix)]).toEqual([
      "kubernetes:core/v1:ConfigMap kubernetes-services-endpoint",
      `${deploymentType} tigera-operator`,
    ]);
  });

  it("is written under a separate field manager, and not awaited", async () => {
    const { resources } = await byOperator();

    expect(find(resources, felixType).inputs).toMatchObject({
      metadata: {
        annotations: {
          "pulumi.com/patchFieldManager": "calico-ebpf-eks-felix",
          "pulumi.com/patchForce": "true",
          "pulumi.com/skipAwait": "true",
        },
      },
      spec: { bpfExternalServiceMode: "DSR", bpfKubeProxyHealthzPort: 10256 },
    });
  });

  it("keeps an existing ConfigMap", async () => {
    const { resources } = await byOperator({}, true);

    expect(registered(resources)).toContain("kubernetes:core/v1:ConfigMapPatch kubernetes-services-endpoint");
    expect(registered(resources)).not.toContain("kubernetes:core/v1:ConfigMap kubernetes-services-endpoint");
  });
});

describe("Calico of a cluster that is there by its manifest", () => {
  it("learns the address and restarts before anything is switched", async () => {
    const { resources } = await byManifest();

    expect(dependenciesOf(resources, find(resources, felixType))).toEqual([
      `${daemonSetType} calico-node`,
      `${deploymentType} calico-kube-controllers`,
    ]);
    expect(dependenciesOf(resources, find(resources, daemonSetType))).toEqual([`${jobType} kubelet-delay`]);
    expect(dependenciesOf(resources, find(resources, jobType))).toEqual([
      "kubernetes:core/v1:ConfigMap kubernetes-services-endpoint",
    ]);
  });

  it("waits for kubelets as long as the guide does, without a pod", async () => {
    const { resources } = await byManifest();

    expect(find(resources, jobType).inputs).toMatchObject({
      metadata: { annotations: { "pulumi.com/waitFor": "condition=Failed" } },
      spec: { parallelism: 0, activeDeadlineSeconds: 60 },
    });
  });

  it("restarts anew when the address changes, and only then", async () => {
    const template = async (change: ExistingChange) =>
      find((await byManifest(change)).resources, daemonSetType).inputs["spec"];

    expect(await template({})).toEqual(await template({ calico: { dataplane: "Iptables" } }));
    expect(JSON.stringify(await template({}))).toMatch(/"calico-ebpf-eks\/endpoint-digest":"[0-9a-f]{12}"/);
  });
});

describe("the switch of a dataplane that is there", () => {
  const turned = (kind: "manifest" | "operator", dataplane: "BPF" | "Iptables") =>
    record(() => {
      const after = operatorCalico().prepared;
      return new DataplaneSwitch("dataplane", { kind, dataplane, felixApiVersion, nodeCount: 3, after });
    });

  it.each(["BPF", "Iptables"] as const)("to %s is the operator's, and is waited for", async (dataplane) => {
    const { resources } = await turned("operator", dataplane);
    const gate = find(resources, felixType, "dataplane-gate");

    expect(find(resources, installationType).inputs).toMatchObject({
      metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { calicoNetwork: { linuxDataplane: dataplane } },
    });
    expect(gate.inputs).toMatchObject({
      metadata: {
        annotations: {
          "pulumi.com/waitFor": `jsonpath={.spec.bpfEnabled}=${dataplane === "BPF"}`,
          "calico-ebpf-eks/dataplane": dataplane,
        },
      },
    });
    expect(gate.inputs).not.toHaveProperty("spec");
    expect(dependenciesOf(resources, gate)).toEqual([`${installationType} installation`]);
  });

  it("is Felix's own where there is no operator", async () => {
    const { resources } = await turned("manifest", "BPF");
    const { inputs } = find(resources, felixType, "bpf-enabled");

    expect(inputs["spec"]).toEqual({ bpfEnabled: true });
    expect(registered(resources)).not.toContain(`${installationType} installation`);
  });
});

describe("the ready gate of a cluster that is there", () => {
  const gated = (kind: "manifest" | "operator", change: ExistingChange = {}) =>
    record(() => {
      const after = operatorCalico().prepared;
      return new CalicoReady("ready", {
        kind,
        settings: existingSettings(change),
        address,
        nodeCount: 3,
        after,
      });
    });

  it("waits for the Installation's condition, or for calico-node's rollout", async () => {
    const byOperator = find((await gated("operator")).resources, installationType, "ready-gate");
    const byManifest = find((await gated("manifest")).resources, daemonSetType, "ready-gate");

    expect(byOperator.inputs["metadata"]).toMatchObject({
      name: "default",
      annotations: { "pulumi.com/waitFor": "condition=Ready" },
    });
    expect(byManifest.inputs["metadata"]).toMatchObject({ name: "calico-node", namespace: "kube-system" });
    for (const { inputs } of [byOperator, byManifest]) expect(inputs).not.toHaveProperty("spec");
  });

  it("waits again when Calico is to do something else", async () => {
    const metadata = async (change: ExistingChange) =>
      find((await gated("operator", change)).resources, installationType).inputs["metadata"];

    expect(await metadata({})).toEqual(await metadata({}));
    expect(await metadata({})).not.toEqual(await metadata({ calico: { externalService: "Tunnel" } }));
    expect(await metadata({})).toEqual(await metadata({ calico: { cni: "Calico" } }));
  });
});

describe("kube-proxy and DNS of a cluster that is there", () => {
  const proxied = (build: (prepared: pulumi.Resource) => unknown) =>
    record(() => build(operatorCalico().prepared));

  it.each([
    ["Parked", "nodeSelector", { nodeSelector: { "non-calico": "true" } }],
    ["Parked", "nodeAffinity", { affinity: { nodeAffinity: expect.anything() } }],
  ] as const)("kube-proxy is one patch when it is %s by %s", async (mode, field, spec) => {
    const { resources } = await proxied((after) => new ParkedKubeProxy("kube-proxy", { mode, field, after }));

    expect(find(resources, daemonSetType).inputs["spec"]).toEqual({ template: { spec } });
  });

  it("kube-proxy is the same patch without a word when it is Running", async () => {
    const { resources } = await proxied(
      (after) => new ParkedKubeProxy("kube-proxy", { mode: "Running", field: "nodeSelector", after }),
    );

    expect(find(resources, daemonSetType).inputs).not.toHaveProperty("spec");
  });

  it("DNS is rolled by the name of the dataplane", async () => {
    const { resources } = await proxied(
      (after) => new DnsRestart("dns", { deployments: ["coredns"], dataplane: "BPF", after: [after] }),
    );

    expect(find(resources, deploymentType, "coredns").inputs["spec"]).toEqual({
      template: { metadata: { annotations: { "calico-ebpf-eks/dataplane": "BPF" } } },
    });
  });
});
