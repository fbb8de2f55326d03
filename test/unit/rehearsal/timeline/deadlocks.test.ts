import { describe, expect, it } from "vitest";
import { findDeadlocks, type Planned } from "../../../rehearsal/timeline/deadlocks.ts";
import type { Wait } from "../../../simulator/world/activity.ts";

const chart: Planned = {
  urn: "urn:pulumi:dev::p::p:index:Calico$kubernetes:helm.sh/v4:Chart::tigera-operator",
  type: "kubernetes:helm.sh/v4:Chart",
  parent: "urn:pulumi:dev::p::p:index:Calico::calico",
  dependsOn: [],
};

const calico: Planned = { urn: chart.parent, type: "p:index:Calico", parent: "", dependsOn: [] };

function nodeGroup(name: string, more: Partial<Planned> = {}): Planned {
  const type = "aws:eks/nodeGroup:NodeGroup";
  return { urn: `urn:pulumi:dev::p::${type}::${name}`, type, parent: "", dependsOn: [], ...more };
}

/** The Deployment is a child that the chart registered inside its provider: the program does not know it. */
const wait: Wait = {
  urn: "urn:pulumi:dev::p::p:index:Calico$kubernetes:helm.sh/v4:Chart$kubernetes:apps/v1:Deployment::tigera-operator:tigera-operator/tigera-operator",
  what: "a node on which the operator's pod can run",
  providedBy: ["aws:eks/nodeGroup:NodeGroup"],
  timeoutSeconds: 600,
};

describe("a wait that timed out", () => {
  it("is a deadlock when the only resource that could end it depends on the one that waits", () => {
    const group = nodeGroup("default", { dependsOn: [chart.urn] });

    expect(findDeadlocks([wait], [calico, chart, group])).toEqual([{ waiting: wait, blocked: group.urn }]);
  });

  it("is one when it depends on it by way of others, parents included", () => {
    const gate: Planned = { urn: "urn:x::gate", type: "x", parent: "", dependsOn: [chart.urn] };
    const pool: Planned = { urn: "urn:x::pool", type: "y", parent: "", dependsOn: [gate.urn] };
    const group = nodeGroup("default", { parent: pool.urn });

    expect(findDeadlocks([wait], [calico, chart, gate, pool, group]).map(({ blocked }) => blocked)).toEqual([
      group.urn,
    ]);
  });

  it("names every resource that is blocked", () => {
    const groups = ["a", "b"].map((name) => nodeGroup(name, { dependsOn: [chart.urn] }));

    expect(findDeadlocks([wait], [chart, ...groups]).map(({ blocked }) => blocked)).toEqual(
      groups.map(({ urn }) => urn),
    );
  });

  it("is none when a second pool may start", () => {
    const groups = [nodeGroup("a", { dependsOn: [chart.urn] }), nodeGroup("b")];

    expect(findDeadlocks([wait], [chart, ...groups])).toEqual([]);
  });

  it("is none when nothing could have ended it", () => {
    expect(findDeadlocks([{ ...wait, providedBy: [] }], [chart])).toEqual([]);
    expect(findDeadlocks([wait], [chart])).toEqual([]);
  });

  it("is found for a resource that the program itself registered", () => {
    const gate: Planned = { urn: "urn:x::gate", type: "x", parent: "", dependsOn: [] };
    const group = nodeGroup("default", { dependsOn: [gate.urn] });
    const waiting = { ...wait, urn: gate.urn };

    expect(findDeadlocks([waiting], [gate, group])).toEqual([{ waiting, blocked: group.urn }]);
  });

  it("does not go round in dependencies that go round", () => {
    const a: Planned = { urn: "urn:x::a", type: "x", parent: "", dependsOn: ["urn:x::b"] };
    const b: Planned = { urn: "urn:x::b", type: "x", parent: "", dependsOn: ["urn:x::a"] };

    expect(findDeadlocks([wait], [a, b, nodeGroup("default", { dependsOn: [a.urn] })])).toEqual([]);
  });
});
