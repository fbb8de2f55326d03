import { expect, it } from "vitest";
import { chartSource } from "../../../../components/specs/operatorChart.ts";

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
  expect(chartSource(repository, "tigera-operator")).toEqual(source);
});
