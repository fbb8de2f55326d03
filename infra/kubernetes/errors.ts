import { setTimeout as sleep } from "node:timers/promises";
import { oneLine } from "../text.ts";

/** Why a request to a cluster failed, as a one-line message: shown without a stack trace. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";
  /** HTTP status; 0: there was no answer. */
  readonly status: number;
  /** The API server's message, where there is one; else this one. */
  readonly reason: string;

  constructor(status: number, message: string, reason = "") {
    super(message);
    this.status = status;
    this.reason = reason || message;
  }
}

/** Creates the error for an answer. */
export function refusalOf(status: number, request: string, text: string): ClusterError {
  const message = messageOf(text);
  return new ClusterError(status, wordsFor(status, request, message), message);
}

function wordsFor(status: number, request: string, message: string): string {
  if (status === 401) {
    return "the credentials are not accepted (401): they have expired, or belong to another cluster";
  }
  if (status === 403) return `this account may not: ${message || request} (403)`;
  if (status === 429) return `the API server is too busy for ${request} after several retries (429)`;
  return `${request}: ${message || "no reason given"} (${status})`;
}

/** The message of the API's Status object, in one line; empty: none. */
function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === "string" ? oneLine(message) : "";
  } catch {
    return isPage(text) ? "the answer is a web page, not from an API server" : oneLine(text);
  }
}

/** Whether a text is HTML: the answer of a proxy, a login page or a load balancer. */
export function isPage(text: string): boolean {
  return /^\s*<(!doctype|html|\?xml|head|body)/i.test(text);
}

/** Total attempts at a request. */
const attempts = 6;

/** A server that requires a longer pause counts as down. */
const longestPauseMilliseconds = 15_000;

/** Why an attempt failed, and whether another may succeed. */
export interface Failure {
  readonly error: Error;
  readonly isPassing: boolean;
  /** Pause that the server requires. */
  readonly retryAfterSeconds?: number;
  /** No attempt starts after this time, on the clock of `performance.now()`. */
  readonly lastMilliseconds?: number;
}

/** How long to go on. */
interface Patience {
  readonly signal: AbortSignal;
  readonly firstPauseMilliseconds: number;
}

/**
 * Retries, with growing pauses, what fails for a temporary reason.
 * @throws the last error, or the signal's reason
 */
export async function tryAgain<T>(
  attempt: () => Promise<T>,
  failureOf: (error: unknown) => Failure,
  { signal, firstPauseMilliseconds }: Patience,
): Promise<T> {
  for (let count = 1; ; count++) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (thrown) {
      const { error, isPassing, retryAfterSeconds, lastMilliseconds = Infinity } = failureOf(thrown);
      if (!isPassing || count === attempts) throw error;
      // A thousand requests that were refused together should not be retried together.
      const spread = 0.5 + Math.random() / 2;
      const required = (retryAfterSeconds ?? 0) * 1000;
      const grown = Math.max(required, firstPauseMilliseconds * 2 ** (count - 1) * spread);
      const pause = Math.min(grown, longestPauseMilliseconds);
      if (performance.now() + pause > lastMilliseconds) throw error;
      await sleep(pause, undefined, { signal });
    }
  }
}

/** The promise's result, unless the signal is aborted first: a program that gets a token, or a connection, may hang. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Limits concurrency; the others wait for their turn, in order. */
export class Turns {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(most: number) {
    this.#most = most;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#underWay >= this.#most) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#underWay += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The place is passed on, so that no later caller takes it.
      if (next === undefined) this.#underWay -= 1;
      else next();
    }
  }
}

const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "its name is unknown",
  ETIMEDOUT: "it does not answer",
  ECONNRESET: "the connection was cut",
  EPROTO: "it does not speak TLS there; check the address and its port",
};

/** Errors of a server that is not an HTTP server, or has no TLS where it was expected. */
const otherProtocol = /^Parse Error|wrong version number|packet length too long|EPROTO/;

/** Creates the error for an answer that sends elsewhere. */
export function redirected(server: string, request: string, status: number, location = ""): ClusterError {
  const to = location === "" ? "" : ` to ${oneLine(location)}`;
  return new ClusterError(
    status,
    `${server} redirects ${request}${to} (${status}), which an API server never does: a proxy or a login page answers there. Use the address of the API server itself.`,
  );
}

/** Creates the error for a server that gives no answer. */
export function unreachable(server: string, code: string, message: string): ClusterError {
  const meaning =
    meanings[code] ??
    (otherProtocol.test(message)
      ? "no API server answers there; check the address and its port"
      : oneLine(message));
  return new ClusterError(0, `${server} cannot be reached: ${meaning}`);
}
