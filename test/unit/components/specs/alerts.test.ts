import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { alertRules } from "../../../../components/specs/monitoring.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

const names = (changes: SettingsChange) =>
  alertRules(
    settings({ ...changes, observability: { prometheus: "Operator", ...changes.observability } }),
  ).map(({ alert }) => alert);

const onIptables: SettingsChange = {
  calico: { dataplane: "Iptables", externalService: "Tunnel" },
  kubeProxy: "Running",
};

const all = ["CalicoNodeNotReady", "CalicoFelixDown", "CalicoMetricsMissing", "CalicoDataplaneFailures"];
const onBpf = ["CalicoEbpfOff", "CalicoDirtyEndpoints", "CalicoConntrackNearlyFull"];

describe("The alerts", () => {
  it.each<[string, SettingsChange, string[]]>([
    ["eBPF", {}, [...all, "CalicoTyphaDown", ...onBpf, "KubeProxyBack"]],
    [
      "eBPF with kube-proxy parked",
      { kubeProxy: "Parked" },
      [...all, "CalicoTyphaDown", ...onBpf, "KubeProxyBack"],
    ],
    ["eBPF with kube-proxy", { kubeProxy: "Running" }, [...all, "CalicoTyphaDown", ...onBpf]],
    ["iptables", onIptables, [...all, "CalicoTyphaDown", "KubeProxyMissing"]],
    [
      "no metrics of Typha",
      { observability: { typhaMetricsPort: null } },
      [...all, ...onBpf, "KubeProxyBack"],
    ],
  ])("of %s are these", (_name, changes, expected) => {
    expect(names(changes)).toEqual(expected);
  });

  it("measure the conntrack table by the size that the settings give it", () => {
    const exprOf = (felix: Record<string, unknown>) =>
      alertRules(settings({ calico: { felix } })).find(({ alert }) => alert === "CalicoConntrackNearlyFull")
        ?.expr;

    expect(exprOf({})).toBe('felix_bpf_conntrack_used{job="felix-metrics"} > 409600');
    expect(exprOf({ bpfMapSizeConntrack: 1000000 })).toBe(
      'felix_bpf_conntrack_used{job="felix-metrics"} > 800000',
    );
  });

  it("link to the docs where people read them", () => {
    const linkOf = (observability: SettingsChange["observability"]) =>
      alertRules(settings({ observability: observability ?? {} }))[0]?.annotations.runbook_url;

    expect(linkOf({})).toBe("docs/troubleshooting.md#caliconodenotready");
    expect(linkOf({ runbooks: "https://git.example.com/docs" })).toBe(
      "https://git.example.com/docs/troubleshooting.md#caliconodenotready",
    );
  });

  it("each have a heading in docs/troubleshooting.md, to which they link", async () => {
    const page = await readFile(
      join(import.meta.dirname, "..", "..", "..", "..", "docs", "troubleshooting.md"),
      "utf8",
    );
    const anchors = [...page.matchAll(/^### (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
    const links = [
      ...alertRules(settings({ observability: { prometheus: "Operator" } })),
      ...alertRules(settings(onIptables)),
    ].map(({ annotations }) => annotations.runbook_url.split("#")[1]);

    expect(links.length).toBeGreaterThan(8);
    for (const link of links) expect(anchors).toContain(link);
  });
});

/** As GitHub makes them. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}
