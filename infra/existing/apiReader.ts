import type { RequestOptions } from "node:https";
import { request } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";

/** Objects of one page of a list. */
const pageSize = 250;

/** Requests under way at one time. */
const mostRequests = 8;

const timeoutMilliseconds = 15_000;

/** Why something could not be read. */
export class ReadError extends Error {
  /** HTTP status; 0: there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Page {
  readonly items?: readonly unknown[];
  readonly metadata?: { readonly continue?: string };
}

/** Reads from an API server, page by page and a few requests at a time. */
export class ApiReader {
  readonly #config: KubeConfig;
  readonly #server: string;
  readonly #queue: (() => void)[] = [];
  #underWay = 0;

  /** @throws Error when the configuration names no cluster */
  constructor(config: KubeConfig) {
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) throw new Error("the kubeconfig's context names no cluster");
    this.#config = config;
    this.#server = server.replace(/\/$/, "");
  }

  /** One object; undefined when there is none. */
  async get(path: string): Promise<unknown> {
    try {
      return await this.#send("GET", path);
    } catch (error) {
      if (error instanceof ReadError && error.status === 404) return undefined;
      throw error;
    }
  }

  /**
   * All objects of a list, each as `pick` leaves it, so that only that is kept; undefined when there is no such kind.
   */
  async list<T>(path: string, pick: (object: unknown) => T): Promise<T[] | undefined> {
    const found: T[] = [];
    let next = "";
    do {
      const page = (await this.get(
        `${path}?limit=${pageSize}${next && `&continue=${encodeURIComponent(next)}`}`,
      )) as Page | undefined;
      if (page === undefined) return undefined;
      for (const item of page.items ?? []) found.push(pick(item));
      next = page.metadata?.continue ?? "";
    } while (next !== "");
    return found;
  }

  async post(path: string, body: unknown): Promise<unknown> {
    return this.#send("POST", path, JSON.stringify(body));
  }

  async #send(method: string, path: string, body?: string): Promise<unknown> {
    await this.#turn();
    try {
      const { status, text } = await this.#answer(method, path, body);
      if (status < 400) return JSON.parse(text);
      throw new ReadError(status, messageOf(text) ?? `the API server answers ${status}`);
    } finally {
      this.#underWay -= 1;
      this.#queue.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#underWay >= mostRequests) await new Promise<void>((go) => this.#queue.push(go));
    this.#underWay += 1;
  }

  async #answer(
    method: string,
    path: string,
    body: string | undefined,
  ): Promise<{ status: number; text: string }> {
    const options: RequestOptions = { method, timeout: timeoutMilliseconds, headers: {} };
    // Runs what fetches a token, and keeps it while it is good.
    await this.#config.applyToHTTPSOptions(options).catch((error: Error) => {
      throw new ReadError(0, `no credentials: ${error.message.trim()}`);
    });
    Object.assign(options.headers ?? {}, { accept: "application/json", "content-type": "application/json" });
    return new Promise((resolve, reject) => {
      const sent = request(`${this.#server}${path}`, options, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
        });
        response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.once("error", (error) => reject(new ReadError(0, error.message)));
      });
      sent.once("timeout", () => sent.destroy(new Error(`no answer within ${timeoutMilliseconds / 1000} s`)));
      sent.once("error", (error) => reject(new ReadError(0, error.message)));
      sent.end(body);
    });
  }
}

/** The message of the API's Status object. */
function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
