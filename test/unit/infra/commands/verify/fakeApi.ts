import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { KubeConfig } from "@kubernetes/client-node";
import type { Live } from "../../../../../infra/commands/verify/check.ts";
import type { Expected, Target } from "../../../../../infra/commands/verify/target.ts";
import { Ec2 } from "../../../../../infra/ec2.ts";
import { Cluster } from "../../../../../infra/kubernetes/cluster.ts";
import { listenLocally } from "../../../../support/localServer.ts";

/** What the server says to one request: an object, or a function that answers. */
export type Answer = object | ((request: IncomingMessage, response: ServerResponse) => void);

export interface FakeApi {
  readonly url: string;
  /** Each request: `GET /api/v1/nodes?limit=500`. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** An API server with these answers by path without query; everything else is not found. */
export async function startFakeApi(answers: Readonly<Record<string, Answer>>): Promise<FakeApi> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const answer = answers[request.url?.split("?")[0] ?? ""];
    if (typeof answer === "function") answer(request, response);
    else reply(response, answer === undefined ? 404 : 200, answer ?? { message: "there is none" });
  });
  return { ...(await listenLocally(server)), requests };
}

/** Answers with JSON. */
export function reply(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** A list of these objects. */
export function listOf(...items: readonly object[]): object {
  return { metadata: {}, items };
}

/** A client of the server. */
export function clusterAt(url: string, signal: AbortSignal = new AbortController().signal): Cluster {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "fake", server: url, skipTLSVerify: true },
    { name: "me", token: "secret-token" },
  );
  return new Cluster(config, { concurrency: 4, signal, firstPauseMilliseconds: 10 });
}

/** What a check gets to look at. */
export function liveAt(url: string, target: Partial<Target> & { readonly expected?: Expected } = {}): Live {
  const { signal } = new AbortController();
  return {
    cluster: clusterAt(url, signal),
    target: { name: "fake", kubeconfig: "", folder: "/", ...target },
    ec2: new Ec2(),
    signal,
    imageRegistry: undefined,
  };
}
