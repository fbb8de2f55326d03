import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { stringify } from "yaml";
import { type StubChart, stubCharts } from "../kubernetes/stubCharts.ts";

/**
 * Files of a Helm repository with this project's own charts, by their paths. They take the place of upstream's, which no
 * package registry carries.
 * @param calicoVersions Calico releases, each with a chart of the operator: `3.32.4`
 */
export async function repositoryFiles(
  calicoVersions: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const releases = calicoVersions.map((version) => `v${version}`);
  const archives = new Map<string, Buffer>();
  const entries: Record<string, object[]> = {};
  for (const chart of stubCharts().values()) {
    for (const version of chart.version === undefined ? releases : [chart.version]) {
      const fileName = `${chart.name}-${version}.tgz`;
      const packed = await archive(chart, version);
      const digest = createHash("sha256").update(packed).digest("hex");
      archives.set(`/${fileName}`, packed);
      entries[chart.name] = [
        ...(entries[chart.name] ?? []),
        { ...metadata(chart, version), digest, urls: [fileName] },
      ];
    }
  }
  const index = stringify({ apiVersion: "v1", entries, generated: "2026-01-01T00:00:00Z" });
  return new Map([["/index.yaml", Buffer.from(index)], ...archives]);
}

function metadata({ name }: StubChart, version: string) {
  return { apiVersion: "v2", name, version, appVersion: version };
}

/** The chart as Helm downloads it. */
async function archive(chart: StubChart, version: string): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: `${chart.name}/Chart.yaml` }, stringify(metadata(chart, version)));
  for (const [path, text] of chart.files) tar.entry({ name: `${chart.name}/${path}` }, text);
  tar.finalize();
  return gzipSync(await buffer(tar));
}
