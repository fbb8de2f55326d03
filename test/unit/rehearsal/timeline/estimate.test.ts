import { describe, expect, it } from "vitest";
import { type GraphResource, nameOf } from "../../../../infra/commands/shared/graph.ts";
import { destroySchedule, upSchedule } from "../../../rehearsal/timeline/estimate.ts";
import { criticalPath, type Schedule, totalSeconds } from "../../../rehearsal/timeline/schedule.ts";
import {
  clusterType,
  deploymentType,
  installationType,
  nodeGroupType,
  resource,
  stack,
  urnOf,
} from "./resources.ts";

function span(all: Schedule, id: string): [number, number] | undefined {
  const event = all.get(id);
  return event && [event.startSeconds, event.endSeconds];
}

function without(resources: readonly GraphResource[], type: string): GraphResource[] {
  return resources.filter((one) => one.type !== type);
}

/** The same, with an operator that the engine waits for. */
const awaited = () => stack().map((one) => (one.urn === operator ? { ...one, inputs: {} } : one));

const operator = urnOf(deploymentType, "tigera-operator:tigera-operator/tigera-operator");
const installation = urnOf(installationType, "installation");
const first = urnOf(nodeGroupType, "dev-default");
const second = urnOf(nodeGroupType, "dev-later");
const chart = urnOf("kubernetes:helm.sh/v4:Chart", "tigera-operator");

// VPC 13 s, cluster 600 s, ConfigMap 1 s, operator and Installation 1 s: the first node joins 75 s after that.
const up = upSchedule(stack());

describe("an up", () => {
  it("takes the typical time of each resource, one after another", () => {
    expect(span(up, urnOf("aws:ec2/vpc:Vpc", "dev-network"))).toEqual([0, 13]);
    expect(span(up, urnOf(clusterType, "dev-eksCluster"))).toEqual([13, 613]);
    expect(span(up, urnOf("kubernetes:core/v1:ConfigMap", "endpoint"))).toEqual([613, 614]);
  });

  it("lets the operator start when the first node has joined, not the node group be there", () => {
    expect(span(up, operator)).toEqual([614, 615]);
    expect(span(up, `${first}#first node joins`)).toEqual([615, 690]);
    expect(span(up, `${operator}#runs`)).toEqual([690, 715]);
  });

  it("lets what depends on a component wait for its children", () => {
    expect(span(up, `${chart}#registered`)).toEqual([614, 614]);
    expect(span(up, chart)).toEqual([615, 615]);
    expect(span(up, installation)).toEqual([614, 615]);
  });

  it("lets nodes become Ready when the operator runs, and the group ACTIVE after that", () => {
    expect(span(up, `${first}#nodes Ready`)).toEqual([715, 745]);
    expect(span(up, first)).toEqual([745, 760]);
  });

  it("does not hold the operator for a node group that comes later", () => {
    expect(span(up, `${second}#first node joins`)).toEqual([760, 835]);
    expect(span(up, second)).toEqual([865, 880]);
    expect(totalSeconds(up)).toBe(880);
  });

  it("has a critical path from the network to the last node group", () => {
    expect(criticalPath(up).map(({ id }) => nameOf(id))).toEqual([
      "dev-network",
      "dev-eksCluster",
      "endpoint",
      "installation",
      "dev-default#first node joins",
      "tigera-operator:tigera-operator/tigera-operator#runs",
      "dev-default#nodes Ready",
      "dev-default",
      "dev-later#first node joins",
      "dev-later#nodes Ready",
      "dev-later",
    ]);
  });

  it("has an operator that is awaited wait for the first node, which is enough for a further pool", () => {
    const later = awaited().map((one) =>
      one.urn === first ? { ...one, dependsOn: one.dependsOn.filter((urn) => urn !== chart) } : one,
    );

    expect(span(upSchedule(later), operator)).toEqual([690, 715]);
    expect(span(upSchedule(later), `${second}#first node joins`)).toEqual([735, 810]);
  });

  it("is impossible when every pool depends on an operator that is awaited, and says so", () => {
    expect(() => upSchedule(awaited())).toThrow("circle: ");
  });

  it("has nothing wait for nodes where there are none", () => {
    expect(span(upSchedule(without(stack(), nodeGroupType)), `${operator}#runs`)).toEqual([615, 640]);
  });

  it("has nodes wait for no Installation where there is none", () => {
    expect(span(upSchedule(without(stack(), installationType)), `${first}#nodes Ready`)).toEqual([715, 745]);
  });
});

describe("a destroy", () => {
  const down = destroySchedule(stack());

  it("goes the other way round", () => {
    expect(span(down, urnOf("aws:eks/addon:Addon", "dev-coredns"))).toEqual([0, 9]);
    expect(span(down, second)).toEqual([0, 300]);
    expect(span(down, first)).toEqual([300, 600]);
    expect(span(down, urnOf("aws:ec2/launchTemplate:LaunchTemplate", "dev-default"))).toEqual([600, 601]);
  });

  it("takes no time for what goes with the cluster, which still comes after the nodes that need it", () => {
    const configMap = urnOf("kubernetes:core/v1:ConfigMap", "endpoint");
    const addon = { ...stack()[10], deletedWith: urnOf(clusterType, "dev-eksCluster") } as GraphResource;

    expect(span(down, configMap)).toEqual([600, 600]);
    expect(span(destroySchedule([...stack().slice(0, 10), addon]), addon.urn)).toEqual([0, 0]);
  });

  it("waits until Karpenter's nodes have ended, before the node groups that it runs on go", () => {
    const pool = resource("kubernetes:karpenter.sh/v1:NodePool", "karpenter-pool-default", {
      dependsOn: [second],
    });
    const schedule = destroySchedule([...stack(), pool]);

    expect(span(schedule, pool.urn)).toEqual([0, 60]);
    expect(span(schedule, second)).toEqual([60, 360]);
    expect(totalSeconds(schedule)).toBe(841);
  });

  it("deletes the cluster after its nodes, the network after the cluster, and the stack last", () => {
    expect(span(down, urnOf(clusterType, "dev-eksCluster"))).toEqual([600, 780]);
    expect(span(down, urnOf("aws:ec2/vpc:Vpc", "dev-network"))).toEqual([780, 781]);
    expect(span(down, urnOf("pulumi:pulumi:Stack", "test-dev"))).toEqual([781, 781]);
    expect(totalSeconds(down)).toBe(781);
  });
});
