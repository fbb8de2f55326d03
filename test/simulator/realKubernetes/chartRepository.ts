import { createServer } from "node:https";
import { repositoryFiles } from "./charts.ts";

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
 * Serves the operator's chart. The caller stops it.
 * @param versions Calico releases that it is served of: `3.32.4`
 */
export async function startChartRepository(
  { key, certificate }: ServerCertificate,
  versions: readonly string[],
): Promise<ChartRepository> {
  const files = await repositoryFiles(versions);
  const server = createServer({ key, cert: certificate }, ({ url = "" }, response) => {
    const body = files.get(url);
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
