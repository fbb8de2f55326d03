import { expect, it } from "vitest";
import { HelmChart } from "../../../components/helmCharts.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { find, registered } from "../../support/graph.ts";

const release = { chart: "keda", repository: "https://charts.example.com", version: "2.1.0" };

it("installs one pinned version into a namespace, and waits for it", async () => {
  const { resources } = await record(
    () => new HelmChart("keda", { release, namespace: "kube-system", values: { replicas: 2 } }),
  );

  expect(registered(resources)).toEqual(["kubernetes:helm.sh/v4:Chart keda"]);
  expect(find(resources, "kubernetes:helm.sh/v4:Chart").inputs).toEqual({
    chart: "keda",
    repositoryOpts: { repo: "https://charts.example.com" },
    version: "2.1.0",
    namespace: "kube-system",
    values: { replicas: 2 },
  });
});
