import { describe, expect, it } from "vitest";
import { surroundingsAdvice } from "../../../../components/checks/advice.ts";
import { typhaMetricsPort } from "../../../../components/specs/monitoring.ts";
import { settingsLines } from "../../../support/lines.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

describe("observability", () => {
  it.each<[string, SettingsChange, string[]]>([
    [
      "a Prometheus with nothing to read",
      { calico: { metricsPort: null }, observability: { prometheus: "Operator" } },
      [
        "calico.metricsPort: null leaves Prometheus nothing to scrape; observability.prometheus is Operator. Set a port, such as 9091, or observability.prometheus: None.",
      ],
    ],
    [
      "flows without Calico's API server",
      { calico: { apiServer: false }, observability: { flows: true } },
      [
        "observability.flows: Goldmane and Whisker cannot be installed without projectcalico.org/v3; calico.apiServer is false. Set calico.apiServer: true, or flows: false.",
      ],
    ],
    [
      "ports that others have",
      { calico: { metricsPort: 10250 }, observability: { typhaMetricsPort: 5473 } },
      [
        "calico.metricsPort: port 10250 is taken by the kubelet; they share the node's network. Set another port, or null.",
        "observability.typhaMetricsPort: port 5473 is taken by Typha; they share the node's network. Set another port, or null.",
      ],
    ],
    [
      "one port for Felix and Typha, of which one is a default",
      { calico: { metricsPort: 9093 }, observability: { prometheus: "Operator" } },
      [
        "observability.typhaMetricsPort: port 9093 is taken by Felix's metrics (calico.metricsPort); they share the node's network. Set another port, or null.",
      ],
    ],
  ])("refuses %s", (_name, changes, lines) => {
    expect(settingsLines(changes)).toEqual(lines);
  });

  it.each<SettingsChange>([
    {},
    { calico: { metricsPort: null } },
    { calico: { metricsPort: 9093 } },
    { calico: { apiServer: false } },
    { observability: { prometheus: "Operator", typhaMetricsPort: null } },
    { observability: { flows: true, typhaMetricsPort: 9094 } },
  ])("takes %j", (changes) => {
    expect(settingsLines(changes)).toEqual([]);
  });
});

describe("The port of Typha's metrics", () => {
  it.each([
    [{}, null],
    [{ prometheus: "Operator" }, 9093],
    [{ prometheus: "Operator", typhaMetricsPort: 9400 }, 9400],
    [{ prometheus: "Operator", typhaMetricsPort: null }, null],
    [{ typhaMetricsPort: 9400 }, 9400],
  ] as const)("of %j is %s", (observability, port) => {
    expect(typhaMetricsPort(settings({ observability }))).toBe(port);
  });
});

describe("A new cluster", () => {
  const previous = { kubernetesVersion: "1.35", calicoVersion: "3.32.4" };
  const wanted = settings({ observability: { prometheus: "Operator" } });

  it("is said to lack a Prometheus operator", () => {
    expect(surroundingsAdvice(wanted, { previous: undefined })).toEqual([
      "observability.prometheus: a new cluster has no Prometheus operator, so the first `pulumi up` creates everything else and fails at its custom resources. Install the operator and run `pulumi up` again, or keep None until then.",
    ]);
  });

  it("gives no warning unless it is new and one is enabled", () => {
    expect(surroundingsAdvice(wanted, { previous })).toEqual([]);
    expect(surroundingsAdvice(settings(), { previous: undefined })).toEqual([]);
  });
});
