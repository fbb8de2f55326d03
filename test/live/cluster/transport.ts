import { type IncomingMessage, request as requestInTheClear } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { ClusterError, oneLine, refusalOf } from "./clusterError.ts";
import { type Failure, tryAgain } from "./retries.ts";
import { Turns } from "./turns.ts";

/** Silence after which an answer no longer comes. */
const silenceMilliseconds = 20_000;

/** One request. */
export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With a leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, boolean | number | string | undefined>>;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** Whether no answer is an answer, and only a busy server is asked again. Default false. */
  readonly isProbe?: boolean;
}

/** An answer that was no success, with the pause that the server asks for. */
class Refused extends Error {
  readonly status: number;
  readonly text: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, text: string, retryAfter: string | undefined) {
    super(text);
    this.status = status;
    this.text = text;
    this.retryAfterSeconds = retryAfter === undefined ? undefined : Number(retryAfter);
  }
}

export interface TransportOptions {
  /** Requests under way at one time. */
  readonly concurrency: number;
  /** Aborted when everything is to end. */
  readonly signal: AbortSignal;
  /** Pause before something is tried for the second time; it doubles. Default 250. */
  readonly firstPauseMilliseconds?: number;
}

/** Requests to an API server: a few at a time, tried again while that may help, and counted. */
export class Transport {
  readonly #config: KubeConfig;
  readonly #server: string;
  readonly #turns: Turns;
  readonly #signal: AbortSignal;
  readonly #firstPauseMilliseconds: number;
  #agent: { readonly credentials: string; readonly agent: Agent } | undefined;
  #calls = 0;

  constructor(config: KubeConfig, { concurrency, signal, firstPauseMilliseconds = 250 }: TransportOptions) {
    this.#config = config;
    this.#server = config.getCurrentCluster()?.server.replace(/\/$/, "") ?? "";
    this.#turns = new Turns(concurrency);
    this.#signal = signal;
    this.#firstPauseMilliseconds = firstPauseMilliseconds;
  }

  /** `https://…` */
  get server(): string {
    return this.#server;
  }

  /** Requests so far, those that were repeated included. */
  get calls(): number {
    return this.#calls;
  }

  /**
   * Sends a request and returns the answer's text.
   * @throws ClusterError in words for people
   */
  async text(call: Call): Promise<string> {
    const asked = `${call.method} ${call.path}`;
    return this.shared(
      () => this.#answer(call),
      (error) => this.#failure(error, call, asked),
    );
  }

  /** Takes a turn among the requests, and tries again. */
  shared<T>(attempt: () => Promise<T>, failureOf: (error: unknown) => Failure): Promise<T> {
    return tryAgain(
      () =>
        this.#turns.run(() => {
          this.#signal.throwIfAborted();
          this.#calls += 1;
          return attempt();
        }),
      failureOf,
      { signal: this.#signal, firstPauseMilliseconds: this.#firstPauseMilliseconds },
    );
  }

  close(): void {
    this.#agent?.agent.destroy();
  }

  #failure(error: unknown, { method, isProbe = false }: Call, asked: string): Failure {
    if (error instanceof Refused) {
      const { status, text, retryAfterSeconds } = error;
      // Whether a server that breaks off has done what it was asked is not known.
      const isBroken = status === 503 || (status >= 500 && method === "GET");
      const isPassing = status === 429 || (isBroken && !isProbe);
      return {
        error: refusalOf(status, asked, text),
        isPassing,
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      };
    }
    if (error instanceof ClusterError || this.#signal.aborted) {
      return { error: error as Error, isPassing: false };
    }
    const { code = "", message } = error as NodeJS.ErrnoException;
    const isPassing = code === "ECONNREFUSED" || (method === "GET" && !isProbe);
    return { error: unreachable(this.#server, code, message), isPassing };
  }

  async #answer({ method, path, query = {}, body, contentType }: Call): Promise<string> {
    const target = new URL(`${this.#server}${path}`);
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) target.searchParams.set(key, String(value));
    }
    const options: RequestOptions = { method, headers: {}, signal: this.#signal };
    await this.#authorize(options);
    const sentText = body === undefined ? undefined : JSON.stringify(body);
    Object.assign(options.headers ?? {}, {
      accept: "application/json",
      ...(sentText === undefined
        ? {}
        : {
            "content-type": contentType ?? "application/json",
            // Said outright: Node leaves it out of a DELETE, and the body would be taken for the next request.
            "content-length": Buffer.byteLength(sentText),
          }),
    });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      // kubectl proxy listens in the clear.
      const send = target.protocol === "http:" ? requestInTheClear : request;
      const sent = send(target, { ...options, timeout: silenceMilliseconds }, resolve);
      sent.once("timeout", () => sent.destroy(new Error(`no answer for ${silenceMilliseconds / 1000} s`)));
      sent.once("error", reject);
      sent.end(sentText);
    });
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString("utf8");
    const status = response.statusCode ?? 0;
    if (status >= 400) throw new Refused(status, text, response.headers["retry-after"]);
    return text;
  }

  /** Puts the credentials in; what fetches a token is run, and its token kept while it is good. */
  async #authorize(options: RequestOptions): Promise<void> {
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (error) {
      const why = oneLine(error instanceof Error ? error.message : String(error));
      throw new ClusterError(401, `no credentials: ${why}`);
    }
    const { ca, cert, key, rejectUnauthorized, servername } = options;
    const isProxied = this.#config.getCurrentCluster()?.proxyUrl !== undefined;
    if (isProxied || this.#server.startsWith("http:")) return;
    // The library's own agent keeps no connection, and shakes hands anew for each request.
    const identity = { ca, cert, key, rejectUnauthorized, servername };
    const credentials = JSON.stringify(identity);
    if (this.#agent?.credentials !== credentials) {
      const given = Object.fromEntries(Object.entries(identity).filter(([, value]) => value !== undefined));
      this.#agent = { credentials, agent: new Agent({ keepAlive: true, ...given }) };
    }
    options.agent = this.#agent.agent;
  }
}

const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "its name is unknown",
  ETIMEDOUT: "it does not answer",
  ECONNRESET: "the connection was cut",
};

function unreachable(server: string, code: string, message: string): ClusterError {
  return new ClusterError(0, `${server} cannot be reached: ${meanings[code] ?? oneLine(message)}`);
}
