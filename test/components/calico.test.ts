import { describe, expect, it } from "vitest";
import { Calico } from "../../components/calico.ts";
import { before, dependenciesOf, find, registered, topLevel } from "../support/graph.ts";
import { labels } from "../support/outputs.ts";
import { record } from "../support/recorder.ts";
import { type SettingsChange, settings } from "../support/settings.ts";

const installationType = "kubernetes:operator.tigera.io/v1:Installation";
const felixType = "kubernetes:crd.projectcalico.org/v1:FelixConfiguration";
const gateType = "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch";
const chartType = "kubernetes:helm.sh/v4:Chart";
const mapType = "kubernetes:core/v1:ConfigMap";
const endpoint = "https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com";

const calico = (changes: SettingsChange = {}) =>
  record(() => new Calico("calico", { settings: settings(changes), endpoint }));

const inputsOf = async (type: string, changes: SettingsChange) =>
  find((await calico(changes)).resources, type).inputs;

const { resources, result } = await calico();
const inputs = (type: string) => find(resources, type).inputs;

describe("Calico", () => {
  it("registers namespace, endpoint, operator, its three objects and the dataplane gate", () => {
    expect(registered(resources)).toEqual([
      "calico-ebpf-eks:index:Calico calico",
      "kubernetes:core/v1:ConfigMap kubernetes-services-endpoint",
      "kubernetes:core/v1:Namespace tigera-operator",
      "kubernetes:crd.projectcalico.org/v1:FelixConfiguration felix-configuration",
      "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch dataplane-gate",
      "kubernetes:helm.sh/v4:Chart tigera-operator",
      "kubernetes:operator.tigera.io/v1:APIServer api-server",
      "kubernetes:operator.tigera.io/v1:Installation installation",
    ]);
    expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:Calico calico"]);
  });

  it("lets the operator's pod use the host's network", () => {
    expect(inputs("kubernetes:core/v1:Namespace")).toMatchObject({
      metadata: {
        name: "tigera-operator",
        labels: { name: "tigera-operator", "pod-security.kubernetes.io/enforce": "privileged" },
      },
    });
  });

  it("names the API server to the operator: by name, without scheme", () => {
    expect(inputs(mapType)).toMatchObject({
      metadata: { name: "kubernetes-services-endpoint", namespace: "tigera-operator" },
      data: {
        KUBERNETES_SERVICE_HOST: "0123456789abcdef.gr7.eu-west-1.eks.amazonaws.com",
        KUBERNETES_SERVICE_PORT: "443",
      },
    });
  });

  it("installs upstream's chart, awaited, with everything in it off that we bring ourselves", () => {
    expect(inputs(chartType)).toEqual({
      chart: "tigera-operator",
      repositoryOpts: { repo: "https://docs.tigera.io/calico/charts" },
      version: "v3.32.4",
      namespace: "tigera-operator",
      values: {
        installation: { enabled: false },
        apiServer: { enabled: false },
        goldmane: { enabled: false },
        whisker: { enabled: false },
        defaultFelixConfiguration: { enabled: false },
        manageCRDs: true,
        dnsPolicy: "Default",
        tigeraOperator: { env: [{ name: "CALICO_API_GROUP", value: "crd.projectcalico.org/v1" }] },
      },
    });
  });

  it("takes the chart from an OCI registry, and the images from a mirror", async () => {
    const registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay";
    const chart = await inputsOf(chartType, {
      calico: { chartRepository: `oci://${registry}/charts`, registry },
    });

    expect(chart).toMatchObject({
      chart: "oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay/charts/tigera-operator",
      values: { tigeraOperator: { registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay" } },
    });
    expect(chart).not.toHaveProperty("repositoryOpts");
  });

  it("configures Felix without bpfEnabled, which is the operator's, and without waiting", () => {
    expect(inputs(felixType)).toEqual({
      apiVersion: "crd.projectcalico.org/v1",
      kind: "FelixConfiguration",
      metadata: { name: "default", annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        awsSrcDstCheck: "Disable",
        bpfExternalServiceMode: "DSR",
        bpfDSROptoutCIDRs: [],
        bpfKubeProxyIptablesCleanupEnabled: true,
        bpfKubeProxyHealthzPort: 10256,
      },
    });
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

  it.each([
    [mapType, ["kubernetes:core/v1:Namespace tigera-operator"]],
    [chartType, ["kubernetes:core/v1:ConfigMap kubernetes-services-endpoint"]],
    [felixType, ["kubernetes:helm.sh/v4:Chart tigera-operator"]],
    [installationType, ["kubernetes:crd.projectcalico.org/v1:FelixConfiguration felix-configuration"]],
    [gateType, ["kubernetes:operator.tigera.io/v1:Installation installation"]],
    [
      "kubernetes:operator.tigera.io/v1:APIServer",
      ["kubernetes:operator.tigera.io/v1:Installation installation"],
    ],
  ])("registers %s after %j", (type, earlier) => {
    expect(dependenciesOf(resources, find(resources, type))).toEqual(earlier);
  });

  it("hands out what nodes, kube-proxy and the ready gate come after", async () => {
    expect(await labels([result.endpointConfigMap])).toEqual([
      "kubernetes:core/v1:ConfigMap kubernetes-services-endpoint",
    ]);
    expect(await labels([result.dataplaneGate])).toEqual([
      "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch dataplane-gate",
    ]);
    expect(await labels(result.installed)).toEqual([
      "kubernetes:operator.tigera.io/v1:APIServer api-server",
      "kubernetes:operator.tigera.io/v1:Installation installation",
    ]);
  });

  it("needs no operator for the endpoint, which nodes wait for", () => {
    expect([...before(resources, find(resources, mapType))]).toEqual([
      "kubernetes:core/v1:Namespace tigera-operator",
    ]);
  });

  it("leaves the API server out when it is not wanted", async () => {
    const without = await calico({ calico: { apiServer: false } });

    expect(registered(resources).filter((one) => !registered(without.resources).includes(one))).toEqual([
      "kubernetes:operator.tigera.io/v1:APIServer api-server",
    ]);
    expect(await labels(without.result.installed)).toEqual([
      "kubernetes:operator.tigera.io/v1:Installation installation",
    ]);
  });
});
