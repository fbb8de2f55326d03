import { describe, expect, it } from "vitest";
import { settingsLines } from "../../../support/lines.ts";

const closed = {
  network: { natGateway: "None" },
  calico: { registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay" },
} as const;
const autoscaling = "ClusterAutoscaler";

describe("without a NAT gateway, charts are refused that pull from elsewhere:", () => {
  it.each([
    ["the Cluster Autoscaler", { autoscaling }],
    ["metrics-server", { metrics: true }],
    ["the Cluster Autoscaler and metrics-server", { autoscaling, metrics: true }],
  ] as const)("%s", (names, settings) => {
    expect(settingsLines({ ...closed, ...settings })).toEqual([
      `charts.registry: no registry is set; network.natGateway is None, so nodes cannot pull ${names} from registry.k8s.io. Mirror the images and set the registry here, or set network.natGateway: Single.`,
    ]);
  });

  it("but not with a mirror, nor where there is a NAT gateway, nor without a chart", () => {
    const charts = { registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/k8s" };

    expect(settingsLines({ ...closed, autoscaling, metrics: true, charts })).toEqual([]);
    expect(settingsLines({ autoscaling, metrics: true })).toEqual([]);
    expect(settingsLines(closed)).toEqual([]);
  });
});

describe("the charts' pods, which tolerate no taint", () => {
  const taints = [{ key: "CriticalAddonsOnly", effect: "NoSchedule" }] as const;
  const tainted = { nodePools: { default: { taints } } };

  it.each([
    ["metrics-server", { metrics: true }],
    ["the load balancer controller", { loadBalancers: true }],
    ["the Cluster Autoscaler", { autoscaling }],
    [
      "metrics-server, the load balancer controller and the Cluster Autoscaler",
      { metrics: true, loadBalancers: true, autoscaling },
    ],
  ] as const)("need a node: %s", (names, change) => {
    expect(settingsLines({ ...tainted, ...change })).toEqual([
      `nodePools: no node can run ${names}; at least one pool must have nodes without NoSchedule and NoExecute taints. Give one pool desired: 1 or more and no such taint.`,
    ]);
  });

  it("have one in another pool, on nodes that pods merely avoid, or are not installed", () => {
    const second = { a: { taints }, b: { size: { min: 1, desired: 1, max: 1 } } };
    const avoided = { a: { taints: [{ key: "CriticalAddonsOnly", effect: "PreferNoSchedule" }] } } as const;

    expect(settingsLines({ nodePools: second, metrics: true, loadBalancers: true })).toEqual([]);
    expect(settingsLines({ nodePools: avoided, metrics: true })).toEqual([]);
    expect(settingsLines(tainted)).toEqual([]);
  });

  it("are named only where CoreDNS would run", () => {
    const gpu = { default: { taints: [{ key: "gpu", effect: "NoSchedule" }] } } as const;

    expect(settingsLines({ nodePools: gpu, metrics: true })).toEqual([
      "nodePools: no node of default can run CoreDNS; at least one pool must have nodes without NoSchedule and NoExecute taints. Give one pool desired: 1 or more and no such taint.",
    ]);
  });
});

describe("tags, which the load balancer controller's chart passes on without quotes,", () => {
  const mapping =
    "it has a colon before a space or at the end; the chart of the load balancer controller does not quote tags, and YAML reads this one as a mapping. Remove the colon, or set loadBalancers: false.";

  it.each([
    ["a value with a colon and a space", { team: "platform: core" }, `tags.team: ${mapping}`],
    ["a key with a colon and a space", { "cost: center": "7" }, `tags["cost: center"]: ${mapping}`],
    ["the last value that ends with a colon", { a: "b", team: "core:" }, `tags.team: ${mapping}`],
    [
      "a key with =",
      { "a=b": "c" },
      'tags["a=b"]: the key contains =; the load balancer controller would read what follows as the value. Use another key, or set loadBalancers: false.',
    ],
    [
      "a tag that it sets itself",
      { "elbv2.k8s.aws/cluster": "other" },
      'tags["elbv2.k8s.aws/cluster"]: the tag is reserved; the load balancer controller uses it to find what it created, and would not start. Use another key, or set loadBalancers: false.',
    ],
  ])("are refused: %s", (_name, tags, line) => {
    expect(settingsLines({ loadBalancers: true, tags })).toEqual([line]);
    expect(settingsLines({ tags })).toEqual([]);
  });

  it("pass with other colons, and with = in a value", () => {
    const tags = { "app:tier": "a:b=c", owner: "core:", team: "platform core" };

    expect(settingsLines({ loadBalancers: true, tags })).toEqual([]);
  });
});
