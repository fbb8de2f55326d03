import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { stringify } from "yaml";
import { calicoVersions } from "../../../components/facts/calicoVersions.ts";

const chartName = "tigera-operator";
const chartFolder = join(import.meta.dirname, "charts");

/** Certificate for this machine, in PEM. */
export interface ServerCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** A Helm repository at a port of this machine. */
export interface ChartRepository {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  stop(): void;
}

/**
 * Serves the project's own chart `tigera-operator` in place of upstream's, which no package registry carries: the objects
 * that bring the operator, by the values that this program sets. One chart for each Calico release that is known.
 */
export async function startChartRepository({
  key,
  certificate,
}: ServerCertificate): Promise<ChartRepository> {
  const versions = Object.keys(calicoVersions).map((version) => `v${version}`);
  const archives = new Map<string, Buffer>();
  for (const version of versions) archives.set(`/${fileName(version)}`, await archive(version));
  const index = stringify({
    apiVersion: "v1",
    entries: { [chartName]: versions.map((version) => entry(version, archives)) },
    generated: "2026-01-01T00:00:00Z",
  });
  const server = createServer({ key, cert: certificate }, ({ url = "" }, response) => {
    const body = url === "/index.yaml" ? index : archives.get(url);
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `https://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
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
