import { describe, expect, it } from "vitest";
import { changed } from "./changed.ts";
import { rehearsed, smallCluster } from "./rehearsed.ts";
import { withoutRule } from "./tampering.ts";

const watched = { "calico-ebpf-eks:observability": { prometheus: "Operator", flows: true } };

describe("Metrics, alerts and flows", () => {
  it("are turned on in a cluster that runs, with the ready gate after what is rolled", async () => {
    const { problems, change, checks } = await changed({}, watched);

    expect(problems).toEqual([]);
    expect(change?.steps.map(({ operation, name }) => `${operation} ${name}`)).toEqual(
      expect.arrayContaining([
        "update Installation installation",
        "create Goldmane goldmane",
        "create Whisker whisker",
        "update InstallationPatch ready-gate",
        "create ServiceMonitor felix-metrics",
        "create PrometheusRule alerts",
      ]),
    );
    expect(change?.steps.find(({ name }) => name.endsWith("ready-gate"))?.seconds).toBe(60);
    expect(change?.notices.map(({ title }) => title)).toEqual([
      "Typha is rolled: it starts or stops serving metrics",
      "calico-node is rolled, one node at a time: it starts or stops sending flows to Goldmane",
    ]);
    expect(checks).toContainEqual({ name: "Prometheus reaches the metrics of every node", failures: [] });
  });

  it("end the up at their kinds where there is no Prometheus operator, with all else in place", async () => {
    const { problems, timedOut } = await rehearsed({
      config: { ...smallCluster, ...watched },
      world: { prometheusOperator: false },
    });

    expect(problems.join("\n")).toContain(
      'no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1"',
    );
    expect(timedOut.map(({ urn }) => urn.split("::").at(-1)).toSorted()).toEqual([
      "alerts",
      "calico-typha-metrics",
      "felix-metrics",
    ]);
  });

  it("are seen to miss Typha where its port is closed", async () => {
    const { problems } = await rehearsed({
      config: { ...smallCluster, ...watched },
      tampering: withoutRule("typha-metrics"),
    });

    expect(problems).toEqual(
      ["ip-10-40-0-4", "ip-10-40-0-5"].map(
        (node) =>
          `failed: Prometheus reaches the metrics of every node: ${node}.eu-west-1.compute.internal: TCP 9093 (Typha) is closed between the nodes`,
      ),
    );
  });
});
