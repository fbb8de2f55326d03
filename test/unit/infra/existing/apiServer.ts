import { createServer } from "node:http";
import { KubeConfig } from "@kubernetes/client-node";
import { Cluster } from "../../../../infra/kubernetes/cluster.ts";
import { type LocalServer, listenLocally } from "../../../support/localServer.ts";

/** What an API server answers: an object, or a status with the API's message. */
export type Answer = object | number;

export interface FakeApiServer extends LocalServer {
  /** `GET /version`, in the order of the alphabet. */
  requests(): string[];
  /** Bodies of what was posted. */
  readonly posted: unknown[];
  /** Requests that were answered at the same time, at most. */
  most(): number;
}

/** An API server that knows some paths, and answers 404 for the others. Without TLS, as `kubectl proxy`. */
export async function startApiServer(
  answer: (path: string, body: unknown) => Answer | undefined,
): Promise<FakeApiServer> {
  const requests: string[] = [];
  const posted: unknown[] = [];
  let underWay = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    requests.push(`${request.method} ${request.url}`);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const text = Buffer.concat(parts).toString();
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    if (body !== undefined) posted.push(body);
    const found = answer(request.url ?? "", body) ?? 404;
    const status = typeof found === "number" ? found : 200;
    // Lets others arrive meanwhile.
    await new Promise((later) => setTimeout(later, 5));
    underWay -= 1;
    response.statusCode = status;
    response.end(
      JSON.stringify(typeof found === "number" ? { kind: "Status", message: `status ${found}` } : found),
    );
  });
  const local = await listenLocally(server);
  return { ...local, requests: () => requests.toSorted(), posted, most: () => most };
}

/** A client of it, with a token. */
export function clusterOf({ url }: LocalServer): Cluster {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "fake", server: url, skipTLSVerify: false },
    { name: "reader", token: "a-token" },
  );
  return new Cluster(config, {
    concurrency: 8,
    firstPauseMilliseconds: 1,
    signal: new AbortController().signal,
  });
}
