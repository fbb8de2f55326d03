import { describe, expect, it } from "vitest";
import type { Rehearsal } from "../../rehearsal/rehearsal.ts";
import { report } from "../../rehearsal/report.ts";
import { settings } from "../../support/settings.ts";
import { resource, stack, urnOf } from "./timeline/resources.ts";

const passed: Rehearsal = {
  settings: settings({ cluster: { name: "dev" } }),
  until: "destroy",
  problems: [],
  warnings: [],
  previewed: { create: 11 },
  resources: stack(),
  outputs: {},
  checks: [
    { name: "every node group is ACTIVE", failures: [] },
    { name: "kube-proxy is Absent", failures: ["it is Running"] },
  ],
  timedOut: [],
  deadlocks: [],
  leftBehind: [],
};

/** The lines of the section that begins so; undefined: there is none. */
function section(heading: string, change: Partial<Rehearsal> = {}): string[] | undefined {
  return report({ ...passed, ...change })
    .split("\n\n")
    .map((text) => text.split("\n"))
    .find(([first = ""]) => first.startsWith(heading));
}

describe("the report of a rehearsal that passed", () => {
  it("draws a timeline of what takes long", () => {
    expect(section("Timeline")).toEqual([
      "Timeline of a first `pulumi up` on AWS, estimated from typical durations",
      " * Vpc network                          █                        0m00s → 0m13s",
      " * Cluster eksCluster                   █████████████████        0m13s → 10m13s",
      " * NodeGroup default · first node joins                 ███      10m15s → 11m30s",
      " * Deployment tigera-operator · runs                      ██     11m30s → 11m55s",
      " * NodeGroup default · nodes Ready                         █     11m55s → 12m25s",
      " * NodeGroup default                                        █    12m25s → 12m40s",
      "   Addon coredns                                            █    12m40s → 13m00s",
      " * NodeGroup later · first node joins                       ███  12m40s → 13m55s",
      " * NodeGroup later · nodes Ready                              ██ 13m55s → 14m25s",
      " * NodeGroup later                                             █ 14m25s → 14m40s",
      "   and 4 steps of less than 10 s",
      "   total 14m40s; a destroy takes 13m01s",
    ]);
  });

  it("begins with what the program warns of, and without a heading when there is nothing", () => {
    const warning = `cluster.publicAccessCidrs: ${"a private endpoint ".repeat(5)}`.trim();
    expect(section("The program warns", { warnings: [warning] })).toEqual([
      "The program warns",
      "   ! cluster.publicAccessCidrs: a private endpoint a private endpoint a private",
      "     endpoint a private endpoint a private endpoint",
    ]);
    expect(section("The program warns")).toBeUndefined();
  });

  it("fits 80 columns, whatever it says", () => {
    const long = "a text that goes on ".repeat(20);
    const text = report({
      ...passed,
      problems: [long, `${long}\n${long}`],
      warnings: [long],
      leftBehind: [long],
    });

    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("lists what decides how long it takes", () => {
    expect(section("Critical path")).toEqual([
      "Critical path (*), which determines the total time",
      "    0m13s  Vpc network",
      "   10m00s  Cluster eksCluster",
      "    1m15s  NodeGroup default · first node joins",
      "    0m25s  Deployment tigera-operator · runs",
      "    0m30s  NodeGroup default · nodes Ready",
      "    0m15s  NodeGroup default",
      "    1m15s  NodeGroup later · first node joins",
      "    0m30s  NodeGroup later · nodes Ready",
      "    0m15s  NodeGroup later",
      "    0m02s  2 steps of less than 10 s",
    ]);
  });

  it("counts the resources by where they are", () => {
    const providers = [
      resource("pulumi:providers:aws", "aws"),
      // The engine adds it by itself, and counts it nowhere.
      resource("pulumi:providers:eks", "default_4_3_0"),
    ];

    expect(section("Resources", { resources: [...stack(), ...providers] })).toEqual([
      "Resources",
      "   6 in AWS, 3 in the cluster, 1 provider, 1 component and the stack: 12",
      "   a preview shows 11: the contents of a chart are known once there is a cluster",
    ]);
  });

  it("says what it would cost, and what that rests on", () => {
    expect(section("Cost")).toEqual([
      "Cost per month, in US dollars",
      "       73.00  1 × EKS cluster in standard support",
      "      147.17  2 × m7i.large instance",
      "      147.17  2 × m7i.large instance",
      "        6.40  80 GiB of gp3 volume",
      "      373.74  total",
      "   list prices of us-east-1, on demand, 730 hours; spot instances are counted as",
      "     on demand",
      "   desired number of nodes; without data transfer, log ingestion, load balancers",
      "     and tax",
    ]);
  });

  it("lists what it looked at, and marks what does not hold", () => {
    expect(section("Checked")).toEqual([
      "Checked on the simulated cluster",
      "   ✓ every node group is ACTIVE",
      "   ✗ kube-proxy is Absent",
    ]);
  });

  it("ends with what a destroy left behind, and the verdict", () => {
    expect(section("Left behind")).toEqual(["Left behind after destroy", "   nothing"]);
    expect(section("Rehearsal")).toEqual(["Rehearsal passed (through destroy)."]);
  });

  it("has nothing to say of a destroy that did not take place", () => {
    const change = { until: "up", leftBehind: undefined } as const;

    expect(section("Left behind", change)).toBeUndefined();
    expect(section("Rehearsal", change)).toEqual(["Rehearsal passed (through up)."]);
  });

  it("is the verdict alone after a preview", () => {
    expect(report({ ...passed, until: "preview", resources: [], leftBehind: undefined })).toBe(
      "Rehearsal passed (through preview).",
    );
  });
});

describe("the report's edges", () => {
  it("leave a price open that is not known", () => {
    const inputs = { instanceTypes: ["u-24tb1.metal"], scalingConfig: { desiredSize: 1 } };
    const group = resource("aws:eks/nodeGroup:NodeGroup", "dev-huge", { inputs });

    expect(section("Cost", { resources: [group] })?.slice(1, 3)).toEqual([
      "     unknown  1 × u-24tb1.metal instance",
      "        0.00  total, without what is unknown",
    ]);
  });

  it("cut a name that is longer than its column", () => {
    const name = `dev-${"x".repeat(60)}`;
    const resources = [resource("aws:ec2/vpc:Vpc", name), resource("aws:kms/key:Key", "dev")];

    expect(section("Timeline", { resources })?.slice(1, 3)).toEqual([
      `   Vpc ${"x".repeat(33)}… █████████████          0m00s → 0m13s`,
      ` * Key                                    ██████████████████████ 0m00s → 0m22s`,
    ]);
  });

  it("leave a name whole that only begins like the cluster's", () => {
    const resources = [resource("aws:ec2/vpc:Vpc", "device")];

    expect(section("Timeline", { resources })?.[1]).toContain("Vpc device");
  });

  it("show what was left behind", () => {
    expect(section("Left behind", { leftBehind: ["aws:ec2/vpc:Vpc vpc-1"] })).toEqual([
      "Left behind after destroy",
      "   aws:ec2/vpc:Vpc vpc-1",
    ]);
  });
});

describe("the report of a rehearsal that failed", () => {
  const wait = {
    urn: urnOf("kubernetes:apps/v1:Deployment", "tigera-operator:tigera-operator/tigera-operator"),
    what: "a node on which the operator's pod can run",
    providedBy: ["aws:eks/nodeGroup:NodeGroup"],
    timeoutSeconds: 600,
  };

  it("gives each problem, with its lines kept together", () => {
    const problems = ["1 error occurred:\n* no room", "failed: kube-proxy is Absent: it is Running"];

    expect(report({ ...passed, resources: [], leftBehind: undefined, problems })).toBe(
      [
        "Rehearsal failed",
        "   1 error occurred:",
        "   * no room",
        "   failed: kube-proxy is Absent: it is Running",
      ].join("\n"),
    );
  });

  it("names deadlocks, and what timed out", () => {
    const blocked = urnOf("aws:eks/nodeGroup:NodeGroup", "dev-default");
    const failed = {
      ...passed,
      resources: [],
      leftBehind: undefined,
      problems: ["it timed out"],
      timedOut: [wait],
      deadlocks: [{ waiting: wait, blocked }],
    };

    expect(report(failed)).toBe(
      [
        "Rehearsal failed",
        "   it timed out",
        "   deadlock: tigera-operator waits for a node on which the operator's pod can",
        "     run; dev-default, which would bring it, depends on tigera-operator",
        "   what timed out:",
        "     tigera-operator after 10 min 00 s: a node on which the operator's pod can",
        "       run",
      ].join("\n"),
    );
  });
});
