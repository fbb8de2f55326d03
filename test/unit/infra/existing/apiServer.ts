import { createServer, type IncomingHttpHeaders } from "node:http";
import { KubeConfig } from "@kubernetes/client-node";
import { type LocalServer, listenLocally } from "../../../support/localServer.ts";

/** What an API server answers: an object, or a status with the API's message. */
export type Answer = object | number;

export interface FakeApiServer extends LocalServer {
  /** `GET /version`, in the order of the alphabet. */
  asked(): string[];
  /** Bodies of what was posted. */
  readonly posted: unknown[];
  /** Headers of the last request. */
  readonly headers: IncomingHttpHeaders;
  /** Requests that were answered at the same time, at most. */
  most(): number;
}

/** An API server that knows some paths, and answers 404 for the others. Without TLS: see `withoutTls`. */
export async function startApiServer(
  answer: (path: string, body: unknown) => Answer | undefined,
): Promise<FakeApiServer> {
  const asked: string[] = [];
  const posted: unknown[] = [];
  let headers: IncomingHttpHeaders = {};
  let underWay = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    asked.push(`${request.method} ${request.url}`);
    headers = request.headers;
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
  return {
    ...local,
    asked: () => asked.toSorted(),
    posted,
    get headers() {
      return headers;
    },
    most: () => most,
  };
}

/** A kubeconfig for it, with a token. */
export function configOf({ url }: LocalServer): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "fake", server: url, skipTLSVerify: true },
    { name: "reader", token: "a-token" },
  );
  return config;
}
