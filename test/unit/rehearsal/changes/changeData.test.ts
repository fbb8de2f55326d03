import { describe, expect, it } from "vitest";
import { changeData } from "../../../rehearsal/changes/changeData.ts";
import { changeMarkdown, changeText } from "../../../rehearsal/changes/changeText.ts";
import { markdown } from "../../../rehearsal/reports/markdown.ts";
import { settings } from "../../../support/settings.ts";
import { reportData } from "../reports/rehearsal.ts";
import { resource, urnOf } from "../timeline/resources.ts";

const felixType = "kubernetes:crd.projectcalico.org/v1:FelixConfiguration";
const gateType = "kubernetes:operator.tigera.io/v1:InstallationPatch";
const addonType = "aws:eks/addon:Addon";

const cluster = { name: "dev" };
const change = {
  from: settings({ cluster, kubeProxy: "Parked" }),
  to: settings({ cluster, calico: { externalService: "Tunnel" } }),
};
const felix = resource(felixType, "felix-configuration");
const unchanged = resource("kubernetes:operator.tigera.io/v1:Installation", "installation", {
  dependsOn: [felix.urn],
});
const gate = resource(gateType, "ready-gate", { dependsOn: [unchanged.urn] });
const step = (type: string, name: string, operation: string) => ({
  urn: urnOf(type, name),
  type,
  name,
  operation,
});
const data = changeData(
  change,
  // The engine tells of a step when it has ended; the order here is another one.
  [
    step(addonType, "kube-proxy", "delete"),
    step(gateType, "ready-gate", "update"),
    step(felixType, "felix-configuration", "update"),
  ],
  [felix, unchanged, gate],
);

describe("what a change does", () => {
  it("has its settings, and its steps in the order of time: deletions come last", () => {
    expect(data.settings).toEqual([
      { path: "calico.externalService", from: "DSR", to: "Tunnel" },
      { path: "kubeProxy", from: "Parked", to: "Absent" },
    ]);
    expect(data.steps).toEqual([
      { operation: "update", name: "FelixConfiguration felix-configuration", startSeconds: 0, seconds: 1 },
      { operation: "update", name: "InstallationPatch ready-gate", startSeconds: 1, seconds: 1 },
      { operation: "delete", name: "Addon kube-proxy", startSeconds: 2, seconds: 9 },
    ]);
    expect(data.seconds).toBe(11);
  });

  it("is printed for a terminal, with what users notice", () => {
    expect(changeText(data)).toEqual([
      "What changes in the settings",
      "   calico.externalService: DSR → Tunnel",
      "   kubeProxy: Parked → Absent",
      "",
      "What `pulumi up` does: 3 steps, about 0m11s on AWS, estimated",
      "    0m00s  update FelixConfiguration felix-configuration  0m01s",
      "    0m01s  update InstallationPatch ready-gate            0m01s",
      "    0m02s  delete Addon kube-proxy                        0m09s",
      "",
      "What users notice, and how to go back",
      "   Replies to external clients take another path (FelixConfiguration felix-configuration)",
      "      new connections:    served, in the new mode 5 to 17 s later",
      "      open connections:   continue (20 of 20 in each direction); the Calico documentation says that those through NodePorts may break",
      "      changed services:   reach a node up to about 5 s late",
      "      to go back:         restore calico.externalService",
      "      source:             measured with real packets on Calico 3.32.1, three nodes on one machine, 2026-11-27; tigera/docs enabling-ebpf",
      "   To go back completely, restore the settings on the left and run `pulumi up`.",
    ]);
  });

  it("is printed for a pull request, before the stack itself", () => {
    const text = markdown(reportData({ change: data }));

    expect(text.match(/^## .*/gm)?.slice(0, 4)).toEqual([
      "## What changes in the settings",
      "## What `pulumi up` does",
      "## What users notice, and how to go back",
      "## Timeline",
    ]);
    expect(changeMarkdown(data)).toEqual(
      expect.arrayContaining([
        "| calico.externalService | DSR | Tunnel |",
        "| 0m02s | delete Addon kube-proxy | 0m09s |",
        "- to go back: restore calico.externalService",
      ]),
    );
  });

  it("is nothing where nothing changes", () => {
    const none = changeData({ from: change.to, to: change.to }, [], [felix]);

    expect(none).toEqual({ settings: [], steps: [], seconds: 0, notices: [] });
    expect(changeText(none)).toEqual(expect.arrayContaining(["   nothing"]));
    expect(markdown(reportData())).not.toContain("What changes");
  });
});
