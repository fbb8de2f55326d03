import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { stringify } from "yaml";

const chartName = "tigera-operator";
const chartFolder = join(import.meta.dirname, "charts");

/**
 * Files of a Helm repository with this project's own chart `tigera-operator`, by their paths. It takes the place of
 * upstream's, which no package registry carries: the objects that bring the operator, by the values that this program sets.
 * @param versions Calico releases, each with a chart of its own: `3.32.4`
 */
export async function repositoryFiles(versions: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const tagged = versions.map((version) => `v${version}`);
  const archives = new Map<string, Buffer>();
  for (const version of tagged) archives.set(`/${fileName(version)}`, await archive(version));
  const index = stringify({
    apiVersion: "v1",
    entries: { [chartName]: tagged.map((version) => entry(version, archives)) },
    generated: "2026-01-01T00:00:00Z",
  });
  return new Map([["/index.yaml", Buffer.from(index)], ...archives]);
}

function metadata(version: string) {
  return { apiVersion: "v2", name: chartName, version, appVersion: version };
}

function entry(version: string, archives: ReadonlyMap<string, Buffer>) {
  const digest = createHash("sha256")
    .update(archives.get(`/${fileName(version)}`) ?? "")
    .digest("hex");
  return { ...metadata(version), digest, urls: [fileName(version)] };
}

function fileName(version: string): string {
  return `${chartName}-${version}.tgz`;
}

/** The chart as Helm downloads it. */
async function archive(version: string): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: `${chartName}/Chart.yaml` }, stringify(metadata(version)));
  tar.entry({ name: `${chartName}/values.yaml` }, readFileSync(join(chartFolder, "values.yaml")));
  for (const name of readdirSync(join(chartFolder, "templates"))) {
    const text = readFileSync(join(chartFolder, "templates", name));
    tar.entry({ name: `${chartName}/templates/${name}` }, text);
  }
  tar.finalize();
  return gzipSync(await buffer(tar));
}
