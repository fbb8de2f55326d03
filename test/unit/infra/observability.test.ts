import { describe, expect, it } from "vitest";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { find, registered, before as waitsFor } from "../../support/graph.ts";
import { broken } from "../../support/invariants.ts";
import { type SettingsChange, settings } from "../../support/settings.ts";
import { stackConfig } from "../../support/stackConfig.ts";

const installation = "kubernetes:operator.tigera.io/v1:Installation";
const readyGate = "kubernetes:operator.tigera.io/v1:InstallationPatch";

const recorded = async (changes: SettingsChange) =>
  (await record(program, { config: stackConfig(changes) })).resources;

const base = await recorded({});
const scraped = await recorded({ observability: { prometheus: "Operator" } });
const withFlows = await recorded({ observability: { flows: true } });

const added = (resources: typeof base) =>
  registered(resources).filter((one) => !registered(base).includes(one));

describe("prometheus: Operator", () => {
  it("adds what is read, the alerts, and a way to Typha's metrics", () => {
    expect(added(scraped)).toEqual([
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule calico-ebpf-eks-dev-node-typha-metrics",
      "calico-ebpf-eks:index:Monitoring monitoring",
      "kubernetes:core/v1:Service felix-metrics",
      "kubernetes:monitoring.coreos.com/v1:PrometheusRule alerts",
      "kubernetes:monitoring.coreos.com/v1:ServiceMonitor calico-typha-metrics",
      "kubernetes:monitoring.coreos.com/v1:ServiceMonitor felix-metrics",
    ]);
  });

  it("lets Typha show its metrics, which it does not by default", () => {
    expect(find(scraped, installation).inputs["spec"]).toMatchObject({ typhaMetricsPort: 9093 });
    expect(find(base, installation).inputs["spec"]).not.toHaveProperty("typhaMetricsPort");
  });

  it("warns that a new cluster has no Prometheus operator", async () => {
    const { log } = await record(program, {
      config: stackConfig({ observability: { prometheus: "Operator" } }),
    });

    expect(log).toContainEqual(
      expect.stringMatching(/^warning: observability\.prometheus: a new cluster has no Prometheus operator/),
    );
  });

  it("comes last: a cluster without the operator's kinds is whole but for them", () => {
    const monitors = /^kubernetes:monitoring/;
    const waiting = scraped.filter((one) =>
      [...waitsFor(scraped, one)].some((earlier) => monitors.test(earlier)),
    );

    expect(registered(waiting)).toEqual([]);
  });
});

describe("flows", () => {
  it("add Goldmane and Whisker", () => {
    expect(added(withFlows)).toEqual([
      "calico-ebpf-eks:index:Flows flows",
      "kubernetes:operator.tigera.io/v1:Goldmane goldmane",
      "kubernetes:operator.tigera.io/v1:Whisker whisker",
    ]);
  });

  it("go before what they need goes: Whisker, Goldmane, the API server, the Installation", () => {
    const whisker = find(withFlows, "kubernetes:operator.tigera.io/v1:Whisker");

    expect([...waitsFor(withFlows, whisker)]).toEqual(
      expect.arrayContaining([
        "kubernetes:operator.tigera.io/v1:Goldmane goldmane",
        "kubernetes:operator.tigera.io/v1:APIServer api-server",
        `${installation} installation`,
      ]),
    );
    expect(whisker.inputs).toEqual({
      apiVersion: "operator.tigera.io/v1",
      kind: "Whisker",
      metadata: { name: "default", annotations: { "pulumi.com/deletionPropagationPolicy": "background" } },
      spec: { notifications: "Disabled" },
    });
  });

  it("come after the dataplane gate: the operator, which brings their kinds, runs; and are what they were before", () => {
    for (const kind of ["Goldmane", "Whisker"]) {
      const one = find(withFlows, `kubernetes:operator.tigera.io/v1:${kind}`);
      expect([...waitsFor(withFlows, one)]).toContain(
        "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch dataplane-gate",
      );
      expect(one.aliases).toEqual([
        "urn:pulumi:dev::calico-ebpf-eks::calico-ebpf-eks:index:Dataplane::dataplane",
      ]);
    }
  });

  it("are waited for by the ready gate, as they roll calico-node", () => {
    const annotations = (resources: typeof base) =>
      JSON.stringify(find(resources, readyGate).inputs["metadata"]);

    expect([...waitsFor(withFlows, find(withFlows, readyGate))]).toContain(
      "kubernetes:operator.tigera.io/v1:Goldmane goldmane",
    );
    expect(annotations(withFlows)).not.toBe(annotations(base));
    expect(annotations(scraped)).not.toBe(annotations(base));
  });
});

it.each<[string, SettingsChange]>([
  ["prometheus: Operator", { observability: { prometheus: "Operator" } }],
  ["flows", { observability: { flows: true } }],
  ["default deny", { networkPolicies: { defaultDeny: ["shop"] } }],
  [
    "all of it on iptables",
    {
      calico: { dataplane: "Iptables", externalService: "Tunnel" },
      kubeProxy: "Running",
      observability: { prometheus: "Operator", flows: true },
      networkPolicies: { defaultDeny: ["shop"] },
    },
  ],
])("the invariants hold with %s", async (_name, changes) => {
  const tags = { team: "platform" };
  const resources = await recorded({ ...changes, tags });

  expect(broken({ resources, settings: settings({ ...changes, tags }) })).toEqual([]);
});
