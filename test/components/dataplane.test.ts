import { describe, expect, it } from "vitest";
import { Dataplane } from "../../components/dataplane.ts";
import { dependenciesOf, find, registered, topLevel } from "../support/graph.ts";
import { labels } from "../support/outputs.ts";
import { record } from "../support/recorder.ts";
import { type SettingsChange, settings } from "../support/settings.ts";
import { Stub } from "../support/stub.ts";

const installationType = "kubernetes:operator.tigera.io/v1:Installation";
const apiServerType = "kubernetes:operator.tigera.io/v1:APIServer";
const gateType = "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch";

const dataplane = (changes: SettingsChange = {}) =>
  record(
    () =>
      new Dataplane("dataplane", {
        settings: settings(changes),
        after: [new Stub("felix-configuration"), new Stub("kube-proxy")],
      }),
  );

const inputsOf = async (type: string, changes: SettingsChange) =>
  find((await dataplane(changes)).resources, type).inputs;

const { resources, result } = await dataplane();
const inputs = (type: string) => find(resources, type).inputs;

describe("Dataplane", () => {
  it("registers the Installation, the API server and the gate", () => {
    expect(registered(resources)).toEqual([
      "calico-ebpf-eks:index:Dataplane dataplane",
      "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch dataplane-gate",
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

  it.each([
    ["BPF", "true"],
    ["Iptables", "false"],
  ] as const)("waits at the gate for %s, and touches nothing but annotations", async (dataplane, enabled) => {
    expect(await inputsOf(gateType, { calico: { dataplane } })).toEqual({
      apiVersion: "crd.projectcalico.org/v1",
      kind: "FelixConfiguration",
      metadata: {
        name: "default",
        annotations: {
          "pulumi.com/waitFor": `jsonpath={.spec.bpfEnabled}=${enabled}`,
          "pulumi.com/timeoutSeconds": "900",
          "pulumi.com/patchFieldManager": "calico-ebpf-eks-dataplane-gate",
          "calico-ebpf-eks/dataplane": dataplane,
        },
      },
    });
  });

  it("has the Installation after all that it is given, and everything else after the Installation", () => {
    expect(dependenciesOf(resources, find(resources, installationType))).toEqual([
      "test:index:Stub felix-configuration",
      "test:index:Stub kube-proxy",
    ]);
    for (const type of [gateType, apiServerType]) {
      expect(dependenciesOf(resources, find(resources, type))).toEqual([
        "kubernetes:operator.tigera.io/v1:Installation installation",
      ]);
    }
  });

  it("hands out what kube-proxy and the ready gate come after", async () => {
    expect(await labels([result.gate])).toEqual([
      "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch dataplane-gate",
    ]);
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
