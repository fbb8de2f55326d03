import { describe, expect, it } from "vitest";
import { gantt } from "../../reports/gantt.ts";
import type { StepData, TimeData } from "../../reports/reportData.ts";
import { resourceGraph } from "../../reports/resourceGraph.ts";
import { resource, stack } from "../timeline/resources.ts";
import { reportData } from "./rehearsal.ts";

function timeOf(...steps: readonly StepData[]): TimeData {
  return {
    upSeconds: Math.max(0, ...steps.map(({ startSeconds, seconds }) => startSeconds + seconds)),
    destroySeconds: 1,
    steps,
    criticalPath: [],
    lowerBound: { seconds: 60, ratio: 1, chain: [], differences: [] },
  };
}

const step: StepData = {
  name: "Vpc network",
  urn: "",
  where: "AWS",
  startSeconds: 0,
  seconds: 13,
  critical: false,
};

/** Without the line of settings, which no reader sees. */
const lines = (diagram: string) => diagram.split("\n").slice(1);

describe("the gantt chart", () => {
  it("has a section for AWS and one for the cluster, with the critical path marked", () => {
    const operator = {
      ...step,
      name: "Deployment tigera-operator",
      where: "cluster",
      startSeconds: 3599,
    } as const;

    expect(lines(gantt(timeOf({ ...step, critical: true }, operator)))).toEqual([
      "gantt",
      "  title First pulumi up#58; 60m12s, at least 1m00s by what AWS and Calico force",
      "  dateFormat YYYY-MM-DD HH:mm:ss",
      "  axisFormat %H:%M:%S",
      "  tickInterval 5minute",
      "  todayMarker off",
      "  section AWS",
      "    Vpc network :crit, 2000-01-05 00:00:00, 13s",
      "  section cluster",
      "    Deployment tigera-operator :2000-01-05 00:59:59, 13s",
    ]);
  });

  it("leaves short steps out, and a section without steps", () => {
    const short = { ...step, name: "Subnet", where: "cluster", seconds: 9 } as const;

    expect(gantt(timeOf(step, short))).not.toMatch(/Subnet|section cluster/);
    expect(gantt(timeOf(step, { ...short, seconds: 10 }))).toContain("    Subnet :2000-01-05 00:00:00, 10s");
  });

  it("shows short steps where there are no others", () => {
    expect(gantt(timeOf({ ...step, seconds: 2 }))).toContain("    Vpc network :2000-01-05 00:00:00, 2s");
  });

  it("escapes a name that would be a statement", () => {
    expect(gantt(timeOf({ ...step, name: "section: a;b" }))).toContain("    #115;ection#58; a#59;b :");
  });
});

describe("the graph of the resources", () => {
  const graph = (resources = stack()) => lines(resourceGraph(reportData({ resources }).resources));

  it("shows what needs what, and the waits that no dependency shows", () => {
    expect(graph()).toEqual([
      "flowchart TB",
      '  r0["LaunchTemplate default"]',
      '  r1["Vpc network"]',
      '  r2["Cluster eksCluster"]',
      '  r3["ConfigMap endpoint"]',
      '  r5["Installation"]',
      '  r6["NodeGroup × 2"]',
      '  r7["Addon coredns"]',
      '  r4["<b>Chart tigera-operator</b><br/>Deployment"]',
      "  r6 --> r7",
      "  r1 --> r2",
      "  r4 --> r6",
      "  r5 --> r6",
      "  r0 --> r6",
      "  r3 --> r4",
      "  r2 --> r3",
      "  r3 --> r5",
      '  r4 -. "calico-node" .-> r6',
    ]);
  });

  const root = resource("pulumi:pulumi:Stack", "test-dev", { custom: false });
  const component = (name: string, parent = root.urn) =>
    resource("calico-ebpf-eks:index:NodePool", name, { custom: false, parent });

  it("puts what a component holds into one box, and counts what is alike", () => {
    const pool = component("dev-pool");
    const inPool = { parent: pool.urn };
    const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    const group = resource("aws:ec2/securityGroup:SecurityGroup", "dev-pool", inPool);
    const rules = ["a", "b", "c"].map((name) =>
      resource(rule, `dev-pool-${name}`, { ...inPool, dependsOn: [group.urn] }),
    );
    const policy = resource("aws:iam/rolePolicy:RolePolicy", "dev-pool-felix", inPool);

    expect(graph([root, pool, group, ...rules, policy])).toEqual([
      "flowchart TB",
      '  r0["<b>NodePool pool</b><br/>SecurityGroup<br/>RolePolicy felix<br/>SecurityGroupIngressRule × 3"]',
    ]);
  });

  it("parts the box of a component where something outside comes between", () => {
    const pool = component("dev-pool");
    const before = resource("aws:ec2/vpc:Vpc", "one", { parent: pool.urn });
    const between = resource("aws:eks/cluster:Cluster", "two", { dependsOn: [before.urn] });
    const after = resource("aws:ec2/eip:Eip", "three", { parent: pool.urn, dependsOn: [between.urn] });

    expect(graph([root, pool, before, between, after])).toEqual([
      "flowchart TB",
      '  r1["Cluster two"]',
      '  subgraph c0["NodePool pool"]',
      '    r0["Vpc one"]',
      '    r2["Eip three"]',
      "  end",
      "  r1 --> r2",
      "  r0 --> r1",
    ]);
  });

  it("leaves out providers, but not what comes of them", () => {
    const cluster = resource("aws:eks/cluster:Cluster", "cluster");
    const provider = resource("pulumi:providers:kubernetes", "provider", { dependsOn: [cluster.urn] });
    const namespace = resource("kubernetes:core/v1:Namespace", "calico", { dependsOn: [provider.urn] });

    expect(graph([cluster, provider, namespace])).toEqual([
      "flowchart TB",
      '  r0["Cluster"]',
      '  r1["Namespace calico"]',
      "  r0 --> r1",
    ]);
  });

  it("shows many components of one type as one", () => {
    const pools = Array.from({ length: 50 }, (_, index) => component(`dev-${index}`));
    const groups = pools.map(({ urn }, index) =>
      resource("aws:iam/role:Role", `dev-${index}`, { parent: urn }),
    );

    expect(graph([root, ...pools, ...groups])).toEqual([
      "flowchart TB",
      '  r0["<b>NodePool × 50</b><br/>Role × 50"]',
    ]);
  });

  it("is the same whatever order the state has", () => {
    expect(graph(stack().toReversed()).toSorted()).toEqual(graph().toSorted());
  });

  it("escapes names", () => {
    const name = 'a"]; click b "javascript:alert()';

    expect(graph([resource("aws:ec2/vpc:Vpc", name)])[1]).toBe(
      '  r0["Vpc a#34;#93;#59; click b #34;javascript#58;alert#40;#41;"]',
    );
  });
});
