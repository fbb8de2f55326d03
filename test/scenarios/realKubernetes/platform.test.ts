import { describe, expect, it } from "vitest";
import { broken } from "../../rehearsal/checks.ts";
import { changed } from "../changed.ts";
import { onRealParts, parts } from "./parts.ts";

const wanted = {
  "calico-ebpf-eks:networkPolicies": { defaultDeny: ["shop"] },
  "calico-ebpf-eks:observability": { prometheus: "Operator", flows: true },
};

describe.skipIf(parts === undefined)(onRealParts, { timeout: 300_000 }, () => {
  it("policies, metrics, alerts and flows are taken by the kinds that they are of, in their order", async () => {
    const { problems, leftBehind, checks, change } = await changed({}, wanted, parts);
    const made =
      change?.steps.filter(({ operation }) => operation === "create").map(({ name }) => name) ?? [];
    const [namespace, allowed, denied] = [
      "NamespacePatch shop",
      "allow-dns-and-api-server",
      "default-deny",
    ].map((end) => made.findIndex((name) => name.endsWith(end) && !name.startsWith("DefaultDeny")));

    expect(problems).toEqual([]);
    expect(leftBehind).toEqual([]);
    expect(broken(checks)).toEqual([]);
    expect(namespace).toBeGreaterThanOrEqual(0);
    expect(allowed).toBeGreaterThan(namespace ?? 0);
    expect(denied).toBeGreaterThan(allowed ?? 0);
    expect(made).toEqual(
      expect.arrayContaining([
        "Goldmane goldmane",
        "Whisker whisker",
        "PrometheusRule alerts",
        "ServiceMonitor felix-metrics",
        "ServiceMonitor calico-typha-metrics",
      ]),
    );
  });
});
