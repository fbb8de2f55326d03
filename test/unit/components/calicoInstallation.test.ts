import { describe, expect, it } from "vitest";
import { CalicoInstallation } from "../../../components/calico.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find, registered, topLevel } from "../../support/graph.ts";
import { labels } from "../../support/outputs.ts";
import { type SettingsChange, settings } from "../../support/settings.ts";
import { Stub } from "../../support/stub.ts";

const installationType = "kubernetes:operator.tigera.io/v1:Installation";
const apiServerType = "kubernetes:operator.tigera.io/v1:APIServer";

const dataplane = (changes: SettingsChange = {}) =>
  record(
    () =>
      new CalicoInstallation("dataplane", {
        settings: settings(changes),
        after: [new Stub("felix-configuration"), new Stub("kube-proxy")],
      }),
  );

const { resources, result } = await dataplane();
const inputs = (type: string) => find(resources, type).inputs;

describe("Dataplane", () => {
  it("registers the Installation and the API server", () => {
    expect(registered(resources)).toEqual([
      "calico-ebpf-eks:index:Dataplane dataplane",
      "kubernetes:operator.tigera.io/v1:APIServer api-server",
      "kubernetes:operator.tigera.io/v1:Installation installation",
    ]);
    expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:Dataplane dataplane"]);
  });

  it("asks the operator for eBPF, with every field of the pool, and without waiting", () => {
    expect(inputs(installationType)).toEqual({
      apiVersion: "operator.tigera.io/v1",
      kind: "Installation",
      metadata: {
        name: "default",
        annotations: {
          "pulumi.com/skipAwait": "true",
          "pulumi.com/deletionPropagationPolicy": "background",
        },
      },
      spec: {
        variant: "Calico",
        kubernetesProvider: "EKS",
        cni: { type: "Calico", ipam: { type: "Calico" } },
        flexVolumePath: "/usr/libexec/kubernetes/kubelet-plugins/volume/exec/",
        kubeletVolumePluginPath: "None",
        nodeMetricsPort: 9091,
        calicoNetwork: {
          linuxDataplane: "BPF",
          bgp: "Disabled",
          nodeAddressAutodetectionV4: { kubernetes: "NodeInternalIP" },
          ipPools: [
            {
              name: "default-ipv4-ippool",
              cidr: "192.168.0.0/16",
              encapsulation: "VXLAN",
              natOutgoing: "Enabled",
              blockSize: 26,
              nodeSelector: "all()",
              allowedUses: ["Workload", "Tunnel"],
              assignmentMode: "Automatic",
              disableBGPExport: false,
              disableNewAllocations: false,
            },
          ],
        },
      },
    });
  });

  it("serves projectcalico.org/v3, and deletes that in the background, too", () => {
    expect(inputs("kubernetes:operator.tigera.io/v1:APIServer")).toEqual({
      apiVersion: "operator.tigera.io/v1",
      kind: "APIServer",
      metadata: { name: "default", annotations: { "pulumi.com/deletionPropagationPolicy": "background" } },
      spec: {},
    });
  });

  it("has the Installation after all that it is given, and the API server after the Installation", () => {
    expect(dependenciesOf(resources, find(resources, installationType))).toEqual([
      "test:index:Stub felix-configuration",
      "test:index:Stub kube-proxy",
    ]);
    expect(dependenciesOf(resources, find(resources, apiServerType))).toEqual([
      "kubernetes:operator.tigera.io/v1:Installation installation",
    ]);
  });

  it("hands out what nodes and gates come after", async () => {
    expect(await labels(result.installed)).toEqual([
      "kubernetes:operator.tigera.io/v1:APIServer api-server",
      "kubernetes:operator.tigera.io/v1:Installation installation",
    ]);
  });

  it("leaves the API server out when it is not wanted", async () => {
    const without = await dataplane({ calico: { apiServer: false } });

    expect(registered(resources).filter((one) => !registered(without.resources).includes(one))).toEqual([
      "kubernetes:operator.tigera.io/v1:APIServer api-server",
    ]);
    expect(await labels(without.result.installed)).toEqual([
      "kubernetes:operator.tigera.io/v1:Installation installation",
    ]);
  });
});
