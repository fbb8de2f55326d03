import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSettings } from "../../../../components/checks/checks.ts";
import { problemLine } from "../../../../components/values/problem.ts";
import { settings } from "../../../support/settings.ts";

type Taint = { key: string; value?: string; effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute" };

const day = new Date("2026-11-20");

function lines(pool: { labels?: Record<string, string>; taints?: Taint[] }): string[] {
  return checkSettings(settings({ nodePools: { default: {}, other: pool } }), day).map(problemLine);
}

describe("labels", () => {
  it.each([
    ["node-role.kubernetes.io/worker", "kubernetes.io", "worker"],
    ["kubernetes.io/role", "kubernetes.io", "role"],
    ["app.kubernetes.io/name", "kubernetes.io", "name"],
    ["node-restriction.kubernetes.io/team", "kubernetes.io", "team"],
    ["beta.kubernetes.io/fluentd", "kubernetes.io", "fluentd"],
    ["xnode.kubernetes.io/team", "kubernetes.io", "team"],
    ["k8s.io/team", "k8s.io", "team"],
    ["node.k8s.io/team", "k8s.io", "team"],
  ])("%s is refused: the kubelet would not start", (key, domain, name) => {
    expect(lines({ labels: { [key]: "true" } })).toEqual([
      `nodePools.other.labels["${key}"]: ${domain} is a reserved domain; the kubelet does not start with labels there except kubelet.kubernetes.io/ and node.kubernetes.io/ and its own. Use your own domain, such as example.com/${name}.`,
    ]);
  });

  it.each(["eks.amazonaws.com/nodegroup", "x.eks.amazonaws.com/team"])("%s is refused: EKS's own", (key) => {
    expect(lines({ labels: { [key]: "true" } })[0]).toContain("EKS itself sets the labels there");
  });

  it.each([
    "node.kubernetes.io/role",
    "a.node.kubernetes.io/role",
    "kubelet.kubernetes.io/role",
    "topology.kubernetes.io/zone",
    "kubernetes.io/arch",
    "node.kubernetes.io/instance-type",
    "mykubernetes.io/role",
    "k8s.io.example.com/role",
    "eks.amazonaws.com.example.com/role",
    "kubernetes.io",
    "karpenter.k8s.aws/role",
  ])("%s passes", (key) => {
    expect(lines({ labels: { [key]: "true" } })).toEqual([]);
  });

  it("are refused without a value, which Kubernetes would take", () => {
    expect(lines({ labels: { gpu: "" } })).toEqual([
      'nodePools.other.labels.gpu: the value is empty; Kubernetes allows that in a label, but the EKS API does not. Write a value, such as "true".',
    ]);
  });

  it("have 63 characters at most, the domain included", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 63 }), (domain, name) => {
        const key = `${"d".repeat(domain)}/${"n".repeat(name)}`;
        const found = lines({ labels: { [key]: "x" }, taints: [{ key, effect: "NoExecute" }] });
        expect(found).toHaveLength(key.length > 63 ? 2 : 0);
      }),
    );
  });

  it("need a domain that DNS would take", () => {
    const key = (domain: string) => ({ nodePools: { default: { labels: { [`${domain}/x`]: "y" } } } });
    for (const domain of ["a..b", "a.-b", "-a", "a-", "A.b"]) expect(() => settings(key(domain))).toThrow();
    for (const domain of ["a", "a-b.c9"]) expect(() => settings(key(domain))).not.toThrow();
  });
});

describe("taints", () => {
  it.each(["node.kubernetes.io/role", "kubernetes.io/role", "a.k8s.io/role", "eks.amazonaws.com/role"])(
    "%s is refused",
    (key) => {
      expect(lines({ taints: [{ key, effect: "NoSchedule" }] })[0]).toMatch(
        /^nodePools\.other\.taints\[0\]\.key: \S+ is a reserved domain; EKS accepts no taints in kubernetes.io, k8s.io and eks.amazonaws.com\. Use your own domain, such as example\.com\/role\.$/,
      );
    },
  );

  it("are refused twice with one key and effect, whatever their values", () => {
    const taints: Taint[] = [
      { key: "gpu", value: "a", effect: "NoSchedule" },
      { key: "gpu", value: "a", effect: "NoExecute" },
      { key: "gpu", value: "b", effect: "NoSchedule" },
    ];
    expect(lines({ taints })).toEqual([
      "nodePools.other.taints[2]: gpu with NoSchedule is already in taints[0]; a node's taints must differ in key or effect. Remove one.",
    ]);
    expect(lines({ taints: taints.slice(0, 2) })).toEqual([]);
  });

  it("pass without a value, and with an empty one", () => {
    expect(
      lines({
        taints: [
          { key: "gpu", effect: "NoSchedule" },
          { key: "cpu", value: "", effect: "NoSchedule" },
        ],
      }),
    ).toEqual([]);
  });
});
