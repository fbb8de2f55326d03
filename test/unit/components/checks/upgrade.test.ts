import { describe, expect, it } from "vitest";
import { upgradeProblems } from "../../../../components/checks/versions.ts";
import { problemLine } from "../../../../components/values/problem.ts";
import { settings } from "../../../support/settings.ts";

/** Lines for the way from one pair of Kubernetes and Calico to another. */
const lines = (from: readonly [string, string], to: readonly [string, string]) =>
  upgradeProblems(
    settings({ cluster: { kubernetesVersion: to[0] as "1.35" }, calico: { version: to[1] } }),
    { kubernetesVersion: from[0], calicoVersion: from[1] },
    rows,
  ).map(problemLine);

const rows = {
  "3.32.4": { kubernetes: ["1.34", "1.35"] },
  "3.33.1": { kubernetes: ["1.35", "1.36"] },
  "3.34.0": { kubernetes: ["1.36"] },
} as const;

describe("an upgrade", () => {
  it.each([
    ["nothing", ["1.35", "3.32.4"], ["1.35", "3.32.4"]],
    ["Kubernetes by one minor version", ["1.34", "3.32.4"], ["1.35", "3.32.4"]],
    ["Calico by one minor version", ["1.35", "3.32.4"], ["1.35", "3.33.1"]],
    ["both, where the old Calico gets on with the new Kubernetes", ["1.34", "3.32.4"], ["1.35", "3.33.1"]],
    ["Calico back to a release of the same minor version", ["1.35", "3.33.1"], ["1.35", "3.33.0"]],
    [
      "a Calico that is not a known release, of whose Kubernetes nothing is known",
      ["1.34", "3.32.9"],
      ["1.35", "3.33.1"],
    ],
  ] as const)("may change %s", (_name, from, to) => {
    expect(lines(from, to)).toEqual([]);
  });

  it("has nothing to compare with before the first up", () => {
    expect(upgradeProblems(settings({}), undefined)).toEqual([]);
  });

  it("takes Kubernetes one minor version at a time", () => {
    expect(lines(["1.34", "3.33.1"], ["1.36", "3.33.1"])).toEqual([
      'cluster.kubernetesVersion: from 1.34 to 1.36 is more than one minor version; EKS upgrades one minor version at a time. Set kubernetesVersion: "1.35", run pulumi up, then go on.',
    ]);
  });

  it("never lowers Kubernetes", () => {
    expect(lines(["1.36", "3.33.1"], ["1.35", "3.33.1"])).toEqual([
      'cluster.kubernetesVersion: the cluster has Kubernetes 1.36, and 1.35 is older; EKS cannot downgrade a control plane. Set kubernetesVersion: "1.36", or create another cluster.',
    ]);
  });

  it("takes Calico one minor version at a time, and never back", () => {
    expect(lines(["1.35", "3.32.4"], ["1.35", "3.34.0"])).toEqual([
      "calico.version: from 3.32.4 to 3.34.0 is more than one minor version; each minor version may need what the previous one prepared. Set version to a release of 3.33, run pulumi up, then go on.",
    ]);
    expect(lines(["1.35", "3.33.1"], ["1.35", "3.32.4"])).toEqual([
      "calico.version: the cluster has Calico 3.33.1, and 3.32.4 is an older minor version; the operator's resources cannot be downgraded. Set version: 3.33.1, or another release of 3.33.",
    ]);
  });

  it("takes Calico first where the old one does not get on with the new Kubernetes", () => {
    expect(lines(["1.35", "3.32.4"], ["1.36", "3.33.1"])).toEqual([
      'cluster.kubernetesVersion: the cluster\'s Calico 3.32.4 would run on Kubernetes 1.36; it is tested with 1.34 and 1.35; the control plane is upgraded first. Keep kubernetesVersion: "1.35" for the upgrade of Calico, run pulumi up, then upgrade Kubernetes.',
    ]);
    expect(lines(["1.35", "3.32.4"], ["1.36", "3.32.4"])).toEqual([
      "cluster.kubernetesVersion: the cluster's Calico 3.32.4 would run on Kubernetes 1.36; it is tested with 1.34 and 1.35; the control plane is upgraded first. Upgrade Calico first, run pulumi up, then upgrade Kubernetes.",
    ]);
  });
});
