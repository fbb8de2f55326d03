import type { ClientRequest, IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal, type Values } from "../protocol/provider.ts";

const busyAttempts = 50;
const busyMilliseconds = 100;

/** Where an API server is, and how it knows us. */
export interface ApiAddress {
  /** `https://127.0.0.1:41234` */
  readonly url: string;
  /** The certificate that it shows, in PEM. */
  readonly certificate: string;
  readonly token: string;
}

/** An answer of the API server other than success. */
export class ApiError extends Refusal {
  readonly status: number;
  /** The API's own word for it: `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** One request. */
export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With a leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** Default `application/json`. A text body is sent as it is. */
  readonly contentType?: string;
}

/** Requests to an API server, over plain HTTPS: the few that are needed take no library. */
export class Client {
  readonly #address: ApiAddress;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 });
  readonly #watches = new Set<ClientRequest>();

  constructor(address: ApiAddress) {
    this.#address = address;
  }

  /**
   * Sends a request and reads its JSON answer.
   * @throws ApiError with the API server's own message
   */
  async send(call: Call): Promise<Values> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.#open(call, this.#agent);
      const text = await textOf(response);
      const status = response.statusCode ?? 0;
      if (status < 400) return text.startsWith("{") ? JSON.parse(text) : {};
      // It is busy, or makes room for a new kind.
      if (status !== 429 || attempt === busyAttempts) throw errorOf(status, text);
      await sleep(busyMilliseconds);
    }
  }

  /** As `send`; undefined when there is no such thing. */
  async find(path: string): Promise<Values | undefined> {
    try {
      return await this.send({ method: "GET", path });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Follows a collection until the server ends it; hands over one event at a time. */
  async watch(path: string, resourceVersion: string, onEvent: (event: Values) => void): Promise<void> {
    const query = { watch: "true", resourceVersion, allowWatchBookmarks: "true" };
    // A separate connection: a watch would take one of the pool's for good.
    const response = await this.#open({ method: "GET", path, query }, undefined, this.#watches);
    if ((response.statusCode ?? 0) >= 400) throw errorOf(response.statusCode ?? 0, await textOf(response));
    let rest = "";
    response.setEncoding("utf8");
    for await (const part of response) {
      const lines = (rest + part).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onEvent(JSON.parse(line));
    }
  }

  /** Ends every connection. */
  close(): void {
    for (const one of this.#watches) one.destroy();
    this.#agent.destroy();
  }

  #open(
    { method, path, query = {}, body, contentType }: Call,
    agent: Agent | undefined,
    open?: Set<ClientRequest>,
  ): Promise<IncomingMessage> {
    const { url, certificate, token } = this.#address;
    const target = new URL(path, url);
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) target.searchParams.set(key, value);
    }
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${token}`,
      accept: "application/json",
      ...(text === undefined
        ? {}
        : {
            "content-type": contentType ?? "application/json",
            // Said outright: Node leaves it out of a DELETE.
            "content-length": String(Buffer.byteLength(text)),
          }),
    };
    return new Promise((resolve, reject) => {
      const options = {
        method,
        headers,
        ca: certificate,
        ...(agent === undefined ? { agent: false } : { agent }),
      };
      const sent = request(target, options, resolve);
      open?.add(sent);
      sent.once("close", () => open?.delete(sent));
      sent.once("error", reject);
      sent.end(text);
    });
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  response.setEncoding("utf8");
  for await (const part of response) text += part;
  return text;
}

/** Reads the API's Status object, where there is one. */
function errorOf(status: number, text: string): ApiError {
  try {
    const { reason, message } = JSON.parse(text) as { reason?: string; message?: string };
    return new ApiError(status, reason ?? "", message ?? text);
  } catch {
    return new ApiError(status, "", text.trim());
  }
}
