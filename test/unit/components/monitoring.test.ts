import { describe, expect, it } from "vitest";
import { Monitoring } from "../../../components/monitoring.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find, registered, topLevel } from "../../support/graph.ts";
import { type SettingsChange, settings } from "../../support/settings.ts";
import { Stub } from "../../support/stub.ts";

const serviceType = "kubernetes:core/v1:Service";
const monitorType = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor";
const ruleType = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";

const monitoring = (observability: SettingsChange["observability"] = {}) =>
  record(
    () =>
      new Monitoring("monitoring", {
        settings: settings({ observability: { prometheus: "Operator", ...observability } }),
        felixPort: 9091,
        after: [new Stub("ready-gate")],
      }),
  );

const { resources } = await monitoring({ labels: { release: "prometheus" } });

describe("Monitoring", () => {
  it("registers a Service for Felix, a monitor each for Felix and Typha, and the alerts, below itself", () => {
    expect(registered(resources)).toEqual([
      "calico-ebpf-eks:index:Monitoring monitoring",
      `${serviceType} felix-metrics`,
      `${ruleType} alerts`,
      `${monitorType} calico-typha-metrics`,
      `${monitorType} felix-metrics`,
    ]);
    expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:Monitoring monitoring"]);
  });

  it("finds Felix by a Service without an address, on every node", () => {
    expect(find(resources, serviceType).inputs).toMatchObject({
      metadata: {
        name: "felix-metrics",
        namespace: "calico-system",
        labels: { "app.kubernetes.io/name": "felix-metrics" },
      },
      spec: {
        clusterIP: "None",
        selector: { "k8s-app": "calico-node" },
        ports: [{ name: "felix-metrics", port: 9091, targetPort: 9091, protocol: "TCP" }],
      },
    });
  });

  it("reads Felix by our Service, and Typha by the operator's, with the node's name as a label", () => {
    const relabelings = [{ sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" }];

    expect(find(resources, monitorType, "felix-metrics").inputs).toMatchObject({
      metadata: { name: "felix-metrics", namespace: "calico-system", labels: { release: "prometheus" } },
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/name": "felix-metrics" } },
        endpoints: [{ port: "felix-metrics", relabelings }],
      },
    });
    expect(find(resources, monitorType, "calico-typha-metrics").inputs).toMatchObject({
      spec: {
        selector: { matchLabels: { "k8s-app": "calico-typha-metrics" } },
        endpoints: [{ port: "calico-typha-metrics", relabelings }],
      },
    });
  });

  it("labels the alerts as the monitors", () => {
    expect(find(resources, ruleType).inputs["metadata"]).toEqual({
      name: "calico-ebpf-eks",
      namespace: "calico-system",
      labels: { release: "prometheus" },
    });
  });

  it("comes after Calico, which makes the namespace and Typha's Service", () => {
    for (const one of resources.filter(({ type }) => /Service|PrometheusRule/.test(type))) {
      expect(dependenciesOf(resources, one)).toEqual(["test:index:Stub ready-gate"]);
    }
  });

  it("leaves Typha out where it shows no metrics", async () => {
    const { resources: without } = await monitoring({ typhaMetricsPort: null });

    expect(without.filter(({ type }) => type === monitorType).map(({ name }) => name)).toEqual([
      "felix-metrics",
    ]);
  });
});
