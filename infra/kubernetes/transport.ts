import { type IncomingMessage, request as requestInTheClear } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { oneLine } from "../text.ts";
import {
  ClusterError,
  type Failure,
  redirected,
  refusalOf,
  Turns,
  tryAgain,
  unreachable,
  untilAborted,
} from "./errors.ts";

/** Silence after which a request counts as lost, and is retried while there is time. */
const silenceMilliseconds = 20_000;

/**
 * The same for a probe, whose caller tries again on a new connection: the packets of one that begins before a node knows a
 * service may be lost for good.
 */
const probeSilenceMilliseconds = 5000;

/** Time limit for a request without an answer, including retries. */
const defaultTimeoutMilliseconds = 60_000;

/**
 * A command keeps one node busy, and the API server hardly: it only passes on what the node prints. Its other requests
 * are what a server limits (kube-apiserver --max-requests-inflight leaves out `exec`).
 */
const commandsPerRequest = 4;

/** One request. */
export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With a leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, boolean | number | string | undefined>>;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** Whether a missing answer, after 5 s instead of 20, is final, and only a busy server is retried. Default false. */
  readonly isProbe?: boolean;
}

/** An unsuccessful answer, with the pause that the server requires. */
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
  /** Concurrent requests; of commands in pods, `commandsPerRequest` times as many. */
  readonly concurrency: number;
  /** Aborted when everything must end. */
  readonly signal: AbortSignal;
  /** Pause before the first retry; it doubles. Default 250. */
  readonly firstPauseMilliseconds?: number;
  /** Time limit for a request without an answer, including retries. Default: 60 s. */
  readonly timeoutMilliseconds?: number;
  /** What to do when that time is over, as a clause. Default: nothing. */
  readonly timeoutAdvice?: string;
}

/** Since when, on the clock of `performance.now()`, a request has had no answer, not even a refusal. */
interface Silence {
  since: number | undefined;
}

/** Requests to an API server: a few at a time, retried while that may help, and counted. */
export class Transport {
  readonly #config: KubeConfig;
  readonly #server: string;
  readonly #turns: Turns;
  readonly #commandTurns: Turns;
  readonly #options: Required<TransportOptions>;
  #agent: { readonly credentials: string; readonly agent: Agent } | undefined;
  #calls = 0;

  constructor(config: KubeConfig, options: TransportOptions) {
    const { concurrency } = options;
    this.#options = {
      firstPauseMilliseconds: 250,
      timeoutMilliseconds: defaultTimeoutMilliseconds,
      timeoutAdvice: "",
      ...options,
    };
    this.#config = config;
    // `kubectl proxy` listens without TLS, and its kubeconfig has no TLS settings, which the library requires.
    config.clusters = config.clusters.map((one) =>
      one.server.startsWith("http:") ? { ...one, skipTLSVerify: true } : one,
    );
    this.#server = config.getCurrentCluster()?.server.replace(/\/$/, "") ?? "";
    this.#turns = new Turns(concurrency);
    this.#commandTurns = new Turns(concurrency * commandsPerRequest);
  }

  /** `https://…` */
  get server(): string {
    return this.#server;
  }

  /** Time limit for a request without an answer. */
  get timeoutSeconds(): number {
    return this.#options.timeoutMilliseconds / 1000;
  }

  /** Requests so far, including retries. */
  get calls(): number {
    return this.#calls;
  }

  /**
   * Sends a request and returns the answer's text.
   * @throws ClusterError with a readable message
   */
  async text(call: Call): Promise<string> {
    const request = `${call.method} ${call.path}`;
    const silence: Silence = { since: undefined };
    return this.#repeated(
      this.#turns,
      () => {
        silence.since ??= performance.now();
        return this.#answer(call, silence.since + this.#options.timeoutMilliseconds - performance.now());
      },
      (error) => this.#failure(error, call, { request, silence }),
    );
  }

  /** Runs a command in a pod: takes a turn among the commands, and retries. */
  command<T>(attempt: () => Promise<T>, failureOf: (error: unknown) => Failure): Promise<T> {
    return this.#repeated(this.#commandTurns, attempt, failureOf);
  }

  #repeated<T>(turns: Turns, attempt: () => Promise<T>, failureOf: (error: unknown) => Failure): Promise<T> {
    return tryAgain(
      () =>
        turns.run(() => {
          this.#options.signal.throwIfAborted();
          this.#calls += 1;
          return attempt();
        }),
      failureOf,
      this.#options,
    );
  }

  close(): void {
    this.#agent?.agent.destroy();
  }

  #failure(
    error: unknown,
    { method, isProbe = false }: Call,
    { request, silence }: { readonly request: string; readonly silence: Silence },
  ): Failure {
    if (error instanceof Refused) {
      silence.since = undefined;
      const { status, text, retryAfterSeconds } = error;
      // Whether a server that closes the connection has done the work is unknown.
      const isBroken = status === 503 || (status >= 500 && method === "GET");
      const isPassing = status === 429 || (isBroken && !isProbe);
      return {
        error: refusalOf(status, request, text),
        isPassing,
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      };
    }
    if (error instanceof ClusterError || this.#options.signal.aborted) {
      return { error: error as Error, isPassing: false };
    }
    const lastMilliseconds = (silence.since ?? performance.now()) + this.#options.timeoutMilliseconds;
    if (performance.now() >= lastMilliseconds - 1) {
      const words = `did not answer ${request} within ${this.timeoutSeconds} s`;
      const advice = this.#options.timeoutAdvice === "" ? "" : `; ${this.#options.timeoutAdvice}`;
      const error = new ClusterError(0, `${this.#server} ${words}${advice}`);
      return { error, isPassing: false };
    }
    const { code = "", message } = error as NodeJS.ErrnoException;
    const isPassing = code === "ECONNREFUSED" || (method === "GET" && !isProbe);
    return { error: unreachable(this.#server, code, message), isPassing, lastMilliseconds };
  }

  async #answer(call: Call, leftMilliseconds: number): Promise<string> {
    const { method, path, query = {}, body, contentType, isProbe = false } = call;
    const timeout = isProbe ? probeSilenceMilliseconds : silenceMilliseconds;
    const signal = AbortSignal.any([
      this.#options.signal,
      AbortSignal.timeout(Math.max(1, Math.ceil(leftMilliseconds))),
    ]);
    const target = new URL(`${this.#server}${path}`);
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) target.searchParams.set(key, String(value));
    }
    const options: RequestOptions = { method, headers: {}, signal };
    await untilAborted(this.#authorize(options), signal);
    const sentText = body === undefined ? undefined : JSON.stringify(body);
    Object.assign(options.headers ?? {}, {
      accept: "application/json",
      ...(sentText === undefined
        ? {}
        : {
            "content-type": contentType ?? "application/json",
            // Set explicitly: Node omits it for a DELETE, and the body would be read as the next request.
            "content-length": Buffer.byteLength(sentText),
          }),
    });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      // kubectl proxy listens without TLS.
      const send = target.protocol === "http:" ? requestInTheClear : request;
      const sent = send(target, { ...options, timeout }, resolve);
      sent.once("timeout", () => sent.destroy(new Error(`no answer for ${timeout / 1000} s`)));
      sent.once("error", reject);
      sent.end(sentText);
    });
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString("utf8");
    const status = response.statusCode ?? 0;
    if (status >= 300 && status < 400) {
      throw redirected(this.#server, `${method} ${path}`, status, response.headers.location);
    }
    if (status >= 400) throw new Refused(status, text, response.headers["retry-after"]);
    return text;
  }

  /** Adds the credentials; a program that gets a token is run, and its token kept while it is valid. */
  async #authorize(options: RequestOptions): Promise<void> {
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (error) {
      throw new ClusterError(401, `no credentials: ${whyNoCredentials(this.#config, error)}`);
    }
    const { ca, cert, key, rejectUnauthorized, servername } = options;
    const isProxied = this.#config.getCurrentCluster()?.proxyUrl !== undefined;
    if (isProxied || this.#server.startsWith("http:")) return;
    // The library's agent keeps no connections, and does a new handshake for each request.
    const identity = { ca, cert, key, rejectUnauthorized, servername };
    const credentials = JSON.stringify(identity);
    if (this.#agent?.credentials !== credentials) {
      const given = Object.fromEntries(Object.entries(identity).filter(([, value]) => value !== undefined));
      this.#agent = { credentials, agent: new Agent({ keepAlive: true, ...given }) };
    }
    options.agent = this.#agent.agent;
  }
}

/** Why the kubeconfig's program for credentials returned none. */
function whyNoCredentials(config: KubeConfig, error: unknown): string {
  const { exec } = (config.getCurrentUser() ?? {}) as { readonly exec?: { readonly command?: string } };
  const { code = "", message = String(error) } = error as NodeJS.ErrnoException;
  const program = oneLine(exec?.command ?? "");
  if (program === "") return oneLine(message);
  if (code === "ENOENT") {
    const where = program.includes("/") ? "does not exist" : "is not on PATH";
    return `${program} ${where}; the kubeconfig names it as the program that gets a token. Install it, or correct the kubeconfig.`;
  }
  if (code === "EACCES") return `${program}: permission denied; the kubeconfig names it to get a token`;
  // Its output may be a credential, and JSON.parse's message quotes the beginning.
  if (error instanceof SyntaxError || error instanceof TypeError) {
    return `${program} did not print an ExecCredential in JSON, which the kubeconfig expects`;
  }
  return `${program} failed: ${oneLine(message) || "no reason given"}`;
}
