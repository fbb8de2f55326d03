import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { repositoryFiles } from "../../../simulator/realKubernetes/charts.ts";

async function unpacked(archive: Buffer | undefined): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const entries = Readable.from([gunzipSync(archive ?? "")]).pipe(extract());
  for await (const entry of entries) files.set(entry.header.name, await text(entry));
  return files;
}

describe("The Helm repository of a rehearsal", () => {
  it("lists a chart for each release, with the digest of its archive", async () => {
    const files = await repositoryFiles(["3.32.4", "3.33.1"]);
    const { entries } = parse(String(files.get("/index.yaml")));

    expect([...files.keys()]).toEqual([
      "/index.yaml",
      "/aws-load-balancer-controller-3.5.0.tgz",
      "/cluster-autoscaler-9.59.0.tgz",
      "/karpenter-1.14.1.tgz",
      "/metrics-server-3.13.1.tgz",
      "/tigera-operator-v3.32.4.tgz",
      "/tigera-operator-v3.33.1.tgz",
    ]);
    expect(entries["tigera-operator"].map(({ version }: { version: string }) => version)).toEqual([
      "v3.32.4",
      "v3.33.1",
    ]);
    expect(entries["tigera-operator"][0]).toMatchObject({
      urls: ["tigera-operator-v3.32.4.tgz"],
      digest: createHash("sha256")
        .update(files.get("/tigera-operator-v3.32.4.tgz") ?? "")
        .digest("hex"),
    });
  });

  it("has archives as Helm reads them: all in a folder of the chart's name", async () => {
    const files = await repositoryFiles(["3.32.4"]);
    const chart = await unpacked(files.get("/tigera-operator-v3.32.4.tgz"));

    expect([...chart.keys()]).toEqual([
      "tigera-operator/Chart.yaml",
      "tigera-operator/templates/operator.yaml",
      "tigera-operator/values.yaml",
      "tigera-operator/values.schema.json",
    ]);
    // Helm refuses what the chart does not have, and takes anything where the chart has a list.
    const { properties, additionalProperties } = JSON.parse(
      chart.get("tigera-operator/values.schema.json") ?? "",
    );
    expect(additionalProperties).toBe(false);
    expect(properties.tigeraOperator).toEqual({
      type: "object",
      properties: { global: {}, registry: {}, env: {} },
      additionalProperties: false,
    });
    expect(parse(chart.get("tigera-operator/Chart.yaml") ?? "")).toEqual({
      apiVersion: "v2",
      name: "tigera-operator",
      version: "v3.32.4",
      appVersion: "v3.32.4",
    });
  });
});
