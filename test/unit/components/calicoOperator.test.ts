import { describe, expect, it } from "vitest";
import { CalicoOperator } from "../../../components/calico.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { before, dependenciesOf, find, registered, topLevel } from "../../support/graph.ts";
import { labels } from "../../support/outputs.ts";
import { type SettingsChange, settings } from "../../support/settings.ts";
import { Stub } from "../../support/stub.ts";

const felixType = "kubernetes:crd.projectcalico.org/v1:FelixConfiguration";
const chartType = "kubernetes:helm.sh/v4:Chart";
const mapType = "kubernetes:core/v1:ConfigMap";
const endpoint = "https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com";

const calico = (changes: SettingsChange = {}) =>
  record(
    () =>
      new CalicoOperator("calico", {
        settings: settings(changes),
        endpoint,
        crds: [new Stub("installations")],
      }),
  );

const inputsOf = async (type: string, changes: SettingsChange) =>
  find((await calico(changes)).resources, type).inputs;

const { resources, result } = await calico();
const inputs = (type: string) => find(resources, type).inputs;

describe("Calico", () => {
  it("registers namespace, endpoint, operator and what Felix is to find", () => {
    expect(registered(resources)).toEqual([
      "calico-ebpf-eks:index:Calico calico",
      "kubernetes:core/v1:ConfigMap kubernetes-services-endpoint",
      "kubernetes:core/v1:Namespace tigera-operator",
      "kubernetes:crd.projectcalico.org/v1:FelixConfiguration felix-configuration",
      "kubernetes:helm.sh/v4:Chart tigera-operator",
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

  it("installs upstream's chart, not awaited, with everything in it off that we bring ourselves", () => {
    expect(inputs(chartType)).toEqual({
      chart: "tigera-operator",
      repositoryOpts: { repo: "https://docs.tigera.io/calico/charts" },
      version: "v3.32.4",
      namespace: "tigera-operator",
      skipAwait: true,
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

  it.each([
    [mapType, ["kubernetes:core/v1:Namespace tigera-operator"]],
    [chartType, ["kubernetes:core/v1:ConfigMap kubernetes-services-endpoint"]],
    [
      felixType,
      ["kubernetes:core/v1:ConfigMap kubernetes-services-endpoint", "test:index:Stub installations"],
    ],
  ])("registers %s after %j", (type, earlier) => {
    expect(dependenciesOf(resources, find(resources, type))).toEqual(earlier);
  });

  it("hands out what nodes, the Installation and kube-proxy come after", async () => {
    expect(await labels([result.endpointConfigMap])).toEqual([
      "kubernetes:core/v1:ConfigMap kubernetes-services-endpoint",
    ]);
    expect(await labels([result.felixConfiguration])).toEqual([
      "kubernetes:crd.projectcalico.org/v1:FelixConfiguration felix-configuration",
    ]);
    expect(await labels([result.operator])).toEqual(["kubernetes:helm.sh/v4:Chart tigera-operator"]);
  });

  it("needs no operator for the endpoint, which nodes wait for", () => {
    expect([...before(resources, find(resources, mapType))]).toEqual([
      "kubernetes:core/v1:Namespace tigera-operator",
    ]);
  });
});
