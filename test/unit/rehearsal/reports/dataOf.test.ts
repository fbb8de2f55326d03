import { describe, expect, it } from "vitest";
import { partsWith } from "../../../rehearsal/reports/parts.ts";
import { resource } from "../timeline/resources.ts";
import { deadlocked, reportData } from "./rehearsal.ts";

describe("the report for machines", () => {
  it("counts by place and by type", () => {
    expect(reportData().counts).toEqual({
      total: 11,
      aws: 6,
      kubernetes: 3,
      providers: 0,
      components: 1,
      byType: {
        "aws:ec2/launchTemplate:LaunchTemplate": 1,
        "aws:ec2/vpc:Vpc": 1,
        "aws:eks/addon:Addon": 1,
        "aws:eks/cluster:Cluster": 1,
        "aws:eks/nodeGroup:NodeGroup": 2,
        "kubernetes:apps/v1:Deployment": 1,
        "kubernetes:core/v1:ConfigMap": 1,
        "kubernetes:helm.sh/v4:Chart": 1,
        "kubernetes:operator.tigera.io/v1:Installation": 1,
        "pulumi:pulumi:Stack": 1,
      },
    });
  });

  it("tells AWS's time from the cluster's", () => {
    const places = reportData().time?.steps.map(({ name, where }) => [name, where]);

    expect(places).toContainEqual(["Cluster eksCluster", "AWS"]);
    expect(places).toContainEqual(["Addon coredns", "AWS"]);
    expect(places).toContainEqual(["NodeGroup default · first node joins", "AWS"]);
    expect(places).toContainEqual(["NodeGroup default · nodes Ready", "cluster"]);
    expect(places).toContainEqual(["Deployment tigera-operator", "cluster"]);
  });

  it("has the time, which is that of the critical path", () => {
    const { upSeconds, destroySeconds, criticalPath = [] } = reportData().time ?? {};

    expect({ upSeconds, destroySeconds }).toEqual({ upSeconds: 880, destroySeconds: 781 });
    expect(criticalPath.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(880);
  });

  it("holds no secret: neither inputs nor outputs", () => {
    const inputs = { password: "the-secret" };
    const text = JSON.stringify(
      reportData({ resources: [resource("aws:ec2/vpc:Vpc", "vpc", { inputs, outputs: inputs })] }),
    );

    expect(text).toContain("aws:ec2/vpc:Vpc");
    expect(text).not.toContain("the-secret");
  });

  it("is the same after a way through JSON", () => {
    expect(JSON.parse(JSON.stringify(reportData()))).toEqual(reportData());
    expect(JSON.parse(JSON.stringify(reportData(deadlocked)))).toEqual(reportData(deadlocked));
  });

  it("names deadlocks, and has null for what did not happen", () => {
    expect(reportData(deadlocked)).toMatchObject({
      passed: false,
      problems: ["it timed out\nwithout a node"],
      deadlocks: [
        {
          waiting: "tigera-operator",
          waitsFor: "a node on which the operator's pod can run",
          blocked: "dev-default",
        },
      ],
      timedOut: [{ resource: "tigera-operator", seconds: 600 }],
      counts: null,
      time: null,
      cost: null,
      leftBehind: null,
    });
  });
});

describe("the parts of a rehearsal", () => {
  const realOnes = (origins: Parameters<typeof partsWith>[0]) =>
    partsWith(origins)
      .filter(({ real }) => real)
      .map(({ name }) => name);

  it("are simulated, except for the program and the engine", () => {
    expect(realOnes({ engine: "pulumi v3.250.0" })).toEqual(["the program", "Pulumi's engine"]);
  });

  it("are real where a real one was used", () => {
    const found = { kubernetes: "Kubernetes v1.35.4", provider: "/plugins", operator: "/bin/operator" };

    expect(realOnes({ engine: "pulumi", ...found })).toEqual([
      "the program",
      "Pulumi's engine",
      "Kubernetes",
      "Kubernetes' provider",
      "Calico's operator",
    ]);
  });
});
