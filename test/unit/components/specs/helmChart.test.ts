import { describe, expect, it } from "vitest";
import { charts } from "../../../../components/facts/charts.ts";
import { chartImage, chartSource, pinnedChart } from "../../../../components/specs/charts.ts";
import { stubCharts } from "../../../simulator/kubernetes/stubCharts.ts";
import { settings } from "../../../support/settings.ts";

it.each([
  [
    "https://docs.tigera.io/calico/charts",
    { chart: "tigera-operator", repositoryOpts: { repo: "https://docs.tigera.io/calico/charts" } },
  ],
  [
    "https://charts.example.com/",
    { chart: "tigera-operator", repositoryOpts: { repo: "https://charts.example.com/" } },
  ],
  ["oci://quay.io/calico/charts", { chart: "oci://quay.io/calico/charts/tigera-operator" }],
  ["oci://quay.io/calico/charts/", { chart: "oci://quay.io/calico/charts/tigera-operator" }],
])("takes the chart from %s", (repository, source) => {
  expect(chartSource({ repository, chart: "tigera-operator" })).toEqual(source);
});

describe("A chart of ours", () => {
  const name = "aws-load-balancer-controller";

  it("comes from its maintainers, at the version that was read, with its own image", () => {
    expect(pinnedChart(settings(), name)).toEqual({
      chart: "aws-load-balancer-controller",
      repository: "https://aws.github.io/eks-charts",
      version: "3.5.0",
    });
    expect(chartImage(settings(), name)).toBe("public.ecr.aws/eks/aws-load-balancer-controller");
  });

  it("comes from the stack's mirrors, chart and image, at the same version", () => {
    const mirrored = settings({
      charts: { repository: "oci://registry.example.com/charts", registry: "registry.example.com/public" },
    });

    expect(pinnedChart(mirrored, name)).toEqual({
      chart: "aws-load-balancer-controller",
      repository: "oci://registry.example.com/charts",
      version: "3.5.0",
    });
    expect(chartImage(mirrored, name)).toBe("registry.example.com/public/eks/aws-load-balancer-controller");
  });

  it.each(Object.entries(charts))(
    "%s is rehearsed at the version that is installed",
    (chart, { version }) => {
      expect(stubCharts().get(chart)?.version).toBe(version);
    },
  );
});
